const BEGIN_READS = new Set(['select', 'with', 'values', 'table', 'show', 'explain', 'describe', 'desc'])
/**
 * Words by which what begins as a read changes something: `WITH … DELETE`, `SELECT … INTO`, `EXPLAIN ANALYZE CREATE`, `FOR UPDATE`. They count
 * wherever they stand, also in texts, names and comments, which each database delimits in its own way: a read that is taken for a
 * change is repeated by a person only, and a change that is taken for a read would be done twice.
 */
const CHANGE = new Set([
  ...['insert', 'update', 'delete', 'merge', 'into', 'create', 'share'],
  ...['nextval', 'setval', 'pg_notify', 'get_lock', 'lo_import', 'lo_export'],
])

/** Whether a statement only reads, as far as its words say it. */
export function onlyReads(sql: string): boolean {
  if (!BEGIN_READS.has(firstWord(sql))) return false
  for (const [word] of sql.matchAll(/[A-Za-z_][A-Za-z0-9_$]*/g)) if (CHANGE.has(word.toLowerCase())) return false
  return true
}

/** The first word of a statement, behind comments and opening brackets, in lower case; empty where it begins with none. */
export function firstWord(sql: string): string {
  for (let at = 0; at < sql.length; ) {
    const two = sql.slice(at, at + 2)
    if (two === '--' || sql[at] === '#') at = endOf(sql, '\n', at)
    else if (two === '/*') at = endOf(sql, '*/', at + 2)
    else if (/^[\s(]/.test(two)) at += 1
    else return /^[a-z_]+/i.exec(sql.slice(at, at + 30))?.[0].toLowerCase() ?? ''
  }
  return ''
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? text.length : at + mark.length
}
