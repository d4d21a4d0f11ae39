/**
 * Whether an object in a JSON text has a member name twice. Readers differ in which of the two counts, and go-jose takes
 * neither. For texts that JSON.parse takes; linear.
 */
export function repeatsName(json: string): boolean {
  /** The names of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let beforeName = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === '"') {
      const end = endOfString(json, at);
      if (beforeName && !isNew(json.slice(at, end + 1), open.at(-1))) return true;
      beforeName = false;
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      beforeName = char === '{';
    } else if (char === '}' || char === ']') open.pop();
    else if (char === ',') beforeName = open.at(-1) !== undefined;
  }
  return false;
}

function isNew(quoted: string, names: Set<string> | undefined): boolean {
  const name = JSON.parse(quoted) as string;
  if (names?.has(name) === true) return false;
  names?.add(name);
  return true;
}

/** The offset of the quote that closes the string which begins at an offset. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') {
    // What follows a backslash closes nothing.
    if (json[at] === undefined) return json.length;
    at += json[at] === '\\' ? 2 : 1;
  }
  return at;
}
