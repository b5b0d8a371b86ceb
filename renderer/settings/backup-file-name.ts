/** An absolute path for a new backup inside the data folder, named by the local time, in the manner of its system. */
export function backupFileName(dataDir: string, now: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
  const separator = dataDir.includes('\\') && !dataDir.includes('/') ? '\\' : '/'
  return `${dataDir.replace(/[\\/]+$/, '')}${separator}hookline-backup-${day}-${time}.db`
}
