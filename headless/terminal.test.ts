import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { complain, print, printAside, printJson, tellProgress } from './terminal.ts'

const root = join(import.meta.dirname, '..')
/** They print before anything of ours can be loaded, and only words of their own. */
const BEFORE_THE_PROGRAM = ['headless/cli.ts']
/** What runs in the sandbox of code steps, whose console is a list. */
const IN_THE_SANDBOX = ['core/engine/sandbox/guest.ts']
const WAYS = ['headless/terminal.ts', ...BEFORE_THE_PROGRAM, ...IN_THE_SANDBOX]

function written(stream: 'stdout' | 'stderr', work: () => void): string {
  const write = vi.spyOn(process[stream], 'write').mockReturnValue(true)
  work()
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('')
  write.mockRestore()
  return text
}

test('a value with line breaks and commands of the terminal stays in its line, whichever way it is printed', () => {
  const hostile = 'Orders\n  ok  forged\r\u001b]52;c;eA==\u0007\u009b2J\u202e'
  const shown = 'Orders\\n  ok  forged\\r\\x1b]52;c;eA==\\x07\\x9b2J\\u202e'
  expect(written('stdout', () => print(['first', hostile]))).toBe(`first\n${shown}\n`)
  expect(written('stdout', () => print([]))).toBe('')
  expect(written('stderr', () => complain([hostile, 'more']))).toBe(`hookline: ${shown}\nmore\n`)
  expect(written('stderr', () => printAside(hostile))).toBe(`${shown}\n`)
  expect(written('stderr', () => tellProgress(hostile, true)).replace('\r\u001b[K', '')).toBe(`${shown}\n`)
  const json = written('stdout', () => printJson({ name: hostile }))
  expect(json).toMatch(/^[\x20-\x7e]+\n$/)
  expect(JSON.parse(json)).toEqual({ name: hostile })
})

test('nothing is printed by another way', () => {
  const files = ['headless', 'core', 'electron'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  const isOfTests = (name: string): boolean => /\.(test|double)\.ts$|\/test-[^/]*$|^electron\/stand-in\//.test(name)
  const sources = files.filter((name) => /\.ts$/.test(name) && !isOfTests(name))
  expect(sources.length).toBeGreaterThan(100)
  const printing = sources.filter((name) =>
    /process\s*\.\s*std(out|err)\s*\.\s*(write|end)|\bconsole\s*\.\s*(log|info|warn|error|debug|trace|dir|table|group)\b|writeSync\(\s*[12]\b/.test(
      readFileSync(join(root, name), 'utf8'),
    ),
  )
  expect(printing.filter((name) => !WAYS.includes(name))).toEqual(['electron/main/log.ts'])
})
