/** Words that mean the same where steps are searched for. */
const ALIKE: readonly (readonly string[])[] = [
  ['email', 'mail'],
  ['delete', 'remove'],
  ['picture', 'image', 'photo'],
  ['folder', 'directory'],
  ['sheet', 'spreadsheet'],
]

/** A word as it was typed, and then others that mean the same. */
export function writings(word: string): readonly [string, ...string[]] {
  return [
    word,
    ...ALIKE.filter((alike) => alike.includes(word)).flatMap((alike) => alike.filter((one) => one !== word)),
  ]
}

/** Letters to add, drop, replace or swap with their neighbour to make one word of the other (Damerau and Levenshtein's count). */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row[j] = least
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
