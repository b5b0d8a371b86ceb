// `npm run audit`: whether a package that Hookline is made of has a known hole. Not every registry knows; then it says that it was skipped.
import { spawnSync } from 'node:child_process'

const { stdout = '', error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  timeout: 60_000,
})

function parsed() {
  try {
    return JSON.parse(stdout)
  } catch {
    return {}
  }
}

const { metadata, vulnerabilities = {}, message } = parsed()
if (metadata === undefined) {
  console.log(
    `Skipped: the search for known holes, as the registry does not answer (${error?.message ?? message ?? 'no answer'}).`,
  )
} else {
  const found = Object.values(vulnerabilities)
  for (const { name, severity, range } of found)
    console.error(`${name} ${range} has a known hole (${severity}): "npm audit --omit=dev" says which.`)
  if (found.length === 0) console.log(`No known hole in ${metadata.dependencies?.prod ?? 'the'} packages`)
  process.exitCode = found.length === 0 ? 0 : 1
}
