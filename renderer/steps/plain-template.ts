/**
 * A template as a card can show it: `{{ hook.body.order.amount }}` reads `amount`. Only the last name of a path is kept, and
 * filters are left out; the inspector shows the whole.
 */
export function plainTemplate(text: string): string {
  return text.replace(/\{\{-?\s*([\s\S]*?)\s*-?\}\}/g, (_, expression: string) => lastName(expression))
}

function lastName(expression: string): string {
  const path = expression.split('|')[0]?.trim() ?? ''
  const names = [...path.matchAll(/\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]|([\w-]+)/g)].map(
    ([, double, single, index, word]) => double ?? single ?? index ?? word ?? '',
  )
  const last = names.at(-1) ?? ''
  const before = names.at(-2)
  // A bare index says nothing without the list that it counts in.
  return /^\d+$/.test(last) && before !== undefined ? `${before}[${last}]` : last
}

/** A text cut to a number of letters. */
export function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1)).trimEnd()}…`
}
