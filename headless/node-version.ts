/** The oldest Node.js that better-sqlite3, undici and the rest of us run on. */
const MINIMUM = [22, 12] as const

/** Why a version of Node.js (such as "20.20.2") cannot run Hookline, in a sentence that says what to do; null when it can. */
export function refusalOfNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])
  if (isEnough) return null
  return `Node.js ${version} is too old: start Hookline with "npm start" or "npx hookline", which bring the right one, or install Node.js 24.`
}
