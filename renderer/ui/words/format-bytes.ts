const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** A size as people say it: `812 bytes`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit] ?? ''}`
}
