/** The six ways in which a SOPS file, or a creation rule, says what is encrypted. Of these, it has at most one. */
export const selectionRuleNames = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

export type SelectionRuleName = (typeof selectionRuleNames)[number];

/** Which values are encrypted, as a SOPS file keeps it. */
export interface SelectionRule {
  readonly name: SelectionRuleName;
  readonly text: string;
}

/** What SOPS does where nothing says otherwise. */
export const defaultSelectionRule: SelectionRule = Object.freeze({
  name: 'unencrypted_suffix',
  text: '_unencrypted',
});

/** Go's `regexp`, unanchored. Undefined for a broken pattern, which matches nothing. */
export type CompilePattern = (pattern: string) => ((text: string) => boolean) | undefined;

/** What decides over a value or a comment besides its kind. */
export interface SelectionPlace {
  /** The mapping keys above it; positions in lists do not count. */
  readonly path: readonly string[];
  /** For each mapping and list above it, the comments that stand directly before where it goes on; a comment's own text is last. */
  readonly comments: readonly (readonly string[])[];
}

/** Whether what stands somewhere is encrypted. */
export type Selects = (place: SelectionPlace, isComment: boolean) => boolean;

/** Whether it takes the comments around a value to tell. */
export function asksComments({ name }: SelectionRule): boolean {
  return name.endsWith('_comment_regex');
}

/** A rule as a function (getsops/sops sops.go, `shouldBeEncrypted`). */
export function selectionOf(rule: SelectionRule, compile: CompilePattern): Selects {
  const { name, text } = rule;
  const encrypts = name.startsWith('encrypted');
  if (asksComments(rule)) {
    const matches = compile(text) ?? (() => false);
    return ({ comments }, isComment) => anyComment(comments, matches, encrypts && isComment) === encrypts;
  }
  const matches = name.endsWith('suffix') ? (key: string) => key.endsWith(text) : remembered(compile(text));
  return ({ path }) => path.some((key) => matches?.(key) === true) === encrypts;
}

/** RE2 in JavaScript takes longer for a key than everything else that is done for its value, but the cryptography. */
function remembered(matches: ReturnType<CompilePattern>): ReturnType<CompilePattern> {
  if (matches === undefined) return undefined;
  const known = new Map<string, boolean>();
  return (key) => {
    const found = known.get(key) ?? matches(key);
    known.set(key, found);
    return found;
  };
}

/** @param exceptLast leaves the comment itself out: the line that asks for encryption stays readable */
function anyComment(
  comments: SelectionPlace['comments'],
  matches: (text: string) => boolean,
  exceptLast: boolean,
): boolean {
  return comments.some((lines, level) => {
    const own = exceptLast && level === comments.length - 1;
    return (own ? lines.slice(0, -1) : lines).some((line) => matches(line));
  });
}
