/** The six ways in which a SOPS file says what is encrypted in it. Of these, a file has at most one. */
export const selectionRuleNames = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

export type SelectionRuleName = (typeof selectionRuleNames)[number];

export interface SelectionRule {
  readonly name: SelectionRuleName;
  readonly text: string;
}

/** What SOPS does where nothing says otherwise. */
export const defaultSelectionRule: SelectionRule = { name: 'unencrypted_suffix', text: '_unencrypted' };

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

/** A rule as a function (getsops/sops sops.go, `shouldBeEncrypted`). */
export function selectionOf({ name, text }: SelectionRule, compile: CompilePattern): Selects {
  const encrypts = name.startsWith('encrypted');
  if (name.endsWith('_comment_regex')) {
    const matches = compile(text) ?? (() => false);
    return ({ comments }, isComment) => anyComment(comments, matches, encrypts && isComment) === encrypts;
  }
  const matches = name.endsWith('suffix') ? (key: string) => key.endsWith(text) : compile(text);
  return ({ path }) => path.some((key) => matches?.(key) === true) === encrypts;
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
