/** What to type in a terminal to put a backup in the place of the database, in the manner of the host's system. */
export function restoreCommand(file: string, dataDir: string): string {
  return `hookline restore ${quoted(file)} --data ${quoted(dataDir)}`
}

/** A path as one word of a shell: on Windows in double quotes, elsewhere in single ones. */
function quoted(path: string): string {
  if (/^[\w./\\:@%+,-]+$/.test(path) && !path.startsWith('-')) return path
  const isWindows = path.includes('\\') && !path.startsWith('/')
  return isWindows ? `"${path}"` : `'${path.replaceAll("'", `'\\''`)}'`
}
