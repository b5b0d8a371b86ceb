/** What one member of a group gets: what it may read, and what it is to let go of, which stays with it until it has. */
export type Share = { readonly partitions: ReadonlySet<number>; readonly release: ReadonlySet<number> }

/**
 * Divides partitions among members as evenly as can be. What a member has stays with it up to its share; what it has beyond is to be released, and goes to
 * another when it was. What two say that they have (one came back late) belongs to none of them. Those that are leaving get nothing.
 */
export function shareOut(
  count: number,
  owned: ReadonlyMap<string, readonly number[]>,
  leaving: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, Share> {
  const members = [...owned.keys()].toSorted()
  const owners = new Map<number, string | null>()
  for (const member of members) {
    for (const partition of new Set(owned.get(member))) {
      if (partition < 0 || partition >= count) continue
      owners.set(partition, owners.has(partition) ? null : member)
    }
  }
  const kept = new Map<string, number[]>(members.map((member) => [member, []]))
  const free: number[] = []
  for (let partition = 0; partition < count; partition++) {
    const owner = owners.get(partition)
    if (owner === undefined || owner === null) free.push(partition)
    else kept.get(owner)?.push(partition)
  }
  const staying = members.filter((member) => !leaving.has(member))
  const least = Math.floor(count / Math.max(1, staying.length))
  // Those with most take what does not divide, so that the fewest move.
  const larger = new Set(
    staying
      .toSorted((a, b) => (kept.get(b)?.length ?? 0) - (kept.get(a)?.length ?? 0))
      .slice(0, count - least * staying.length),
  )
  const shares = new Map<string, Share>()
  for (const member of members) {
    const share = leaving.has(member) ? 0 : least + (larger.has(member) ? 1 : 0)
    const has = kept.get(member) ?? []
    const more = free.splice(0, Math.max(0, share - has.length))
    shares.set(member, { partitions: new Set([...has, ...more]), release: new Set(has.slice(share)) })
  }
  return shares
}
