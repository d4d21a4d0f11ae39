/** What SOPS' creation rule for a file says. */
export interface SopsRule {
  /**
   * Whether a value would be encrypted, told from the keys above it; list positions do not count. Undefined where that
   * depends on comments, or on two statements of which SOPS allows one.
   */
  encrypts(path: readonly string[]): boolean | undefined;
}

/** What SOPS does where no rule says which values: all but those whose key ends so. */
export const sopsByDefault: SopsRule = Object.freeze({
  encrypts: (path: readonly string[]) => !path.some((key) => key.endsWith('_unencrypted')),
});
