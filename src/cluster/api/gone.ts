/** The server no longer knows where this list or watch was: it begins anew (410, "Expired"). Not for people. */
export class Gone extends Error {
  constructor() {
    super('gone');
    this.name = 'Gone';
  }
}
