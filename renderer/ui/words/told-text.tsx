/** The marks that draw the text after them backwards, whatever its letters are. No honest text needs them. */
const OVERRIDES = /[\u202D\u202E]/g

/**
 * Text from outside Hookline, as it stands in a sentence or a list: its direction is its own and turns nothing around it, and a mark
 * that would draw it backwards, as if it said something else, is shown as what it is (`\u202e`).
 */
export function ToldText({ children }: { children: string }) {
  return <bdi>{children.replace(OVERRIDES, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`)}</bdi>
}
