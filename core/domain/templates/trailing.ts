/**
 * A text without the given characters at its end. A pattern such as `/\/+$/` would begin anew at each of them, which takes quadratic time where
 * something else comes last.
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
