/**
 * A pattern that finds what a person typed in stored texts, in any case of any script. JSON writes some characters otherwise than a
 * screen shows them (`\"` for `"`) and leaves out blanks that a screen puts in, so each way of writing is tried. Nothing in the text
 * has a meaning of its own; the time that a match takes grows with what is looked through, and with nothing else.
 */
export function textPattern(text: string): RegExp {
  const inJson = JSON.stringify(text).slice(1, -1)
  // Of a piece of JSON as a screen shows it: `"amount": 5` is stored as `"amount":5`.
  const asJson = text.replaceAll(/":\s+/g, '":')
  return new RegExp([...new Set([text, inJson, asJson])].map((way) => RegExp.escape(way)).join('|'), 'iu')
}
