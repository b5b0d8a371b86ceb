/**
 * What a terminal or a log obeys, hides or draws elsewhere instead of showing it: control characters (ESC begins the terminal's own commands,
 * C1 has their one-byte forms), line and paragraph separators, marks that turn the direction of text around, characters without a width,
 * and half of a pair, which is no character.
 */
const UNSEEN = new RegExp(
  [
    '[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u200E\\u200F]',
    '[\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0D\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}]',
    '\\p{Surrogate}',
  ].join('|'),
  'gu',
)

/** The joiners of scripts and emoji, where they join nothing that is written with them: beside ASCII, each other, or nothing. */
const STRAY_JOINER = /[\u200C\u200D](?![\P{ASCII}--[\u200C\u200D]])|(?<![\P{ASCII}--[\u200C\u200D]])[\u200C\u200D]/gv

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text as one line in which nothing is hidden: a line break in it reads `\n`, ESC `\x1b`, a mark of direction `\u202e`. */
export function visibleLine(text: string): string {
  return text.replace(UNSEEN, (found) => SHORT[found] ?? escapeOf(found)).replace(STRAY_JOINER, unitsOf)
}

/** A value as JSON that a terminal can show: valid, the same value, and with nothing hidden in it. `indent` as of `JSON.stringify`. */
export function visibleJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null'
  // A line break outside its strings is JSON's own; inside them it is escaped already, as is half a pair.
  return text.replace(UNSEEN, (found) => (found === '\n' ? found : unitsOf(found))).replace(STRAY_JOINER, unitsOf)
}

function escapeOf(found: string): string {
  const code = found.codePointAt(0) ?? 0
  if (code > 0xff) return unitsOf(found)
  return `\\x${code.toString(16).padStart(2, '0')}`
}

/** Each half of a pair by itself, as JSON has it. */
function unitsOf(found: string): string {
  return Array.from(
    { length: found.length },
    (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')
}
