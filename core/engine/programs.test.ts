import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shellRun } from '../connectors/shell/run.action.ts'
import { NO_LARGE, runAction } from '../connectors/test-context.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import type { TemplateScope } from '../domain/templates/template.ts'
import { systemClock } from '../domain/time/clock.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'
import { reference } from '../domain/values/large-value.ts'
import { createPrograms } from './programs.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hookline-programs-')))
const closed = join(folder, 'data')
mkdirSync(closed)
const plain = join(folder, 'plain.txt')
writeFileSync(plain, 'text', { mode: 0o644 })
const programs = createPrograms({ all: () => [folder], closed }, systemClock, join(closed, 'programs'))

async function run(input: JsonObject, scope: TemplateScope = {}, signal = new AbortController().signal): Promise<Json> {
  const { output } = await runAction(shellRun, input, {
    scope,
    signal,
    program: (call) => programs.run(call, signal),
    large: {
      ...NO_LARGE,
      keep: async (content, type) =>
        reference({ $blob: '0'.repeat(64), bytes: Reflect.get(Object(content), 'length'), type }),
    },
  })
  return output
}

async function failure(...given: Parameters<typeof run>): Promise<StepErrorDetails> {
  const error = await run(...given).catch((thrown: unknown) => thrown)
  if (error instanceof StepError) return error.details
  throw error instanceof Error ? error : new Error(JSON.stringify(error))
}

/** A program of Node's own that runs a line of JavaScript. */
const js = (code: string): { program: string; args: string[] } => ({ program: process.execPath, args: ['-e', code] })
const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

describe('a program', () => {
  it('gets its arguments as they are, whatever stands in them', async () => {
    const given = ['a b', '"$HOME"', '; rm -rf ~', '$(id)', '`id`', '*', '', 'ü\n', '--', '{{ 1 }}']
    const args = ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...given.slice(0, -1), '{{ hook }}']
    const output = await run({ program: process.execPath, args }, { hook: '"; id' })
    expect(output).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse((output as { stdout: string }).stdout)).toEqual([...given.slice(0, -1), '"; id'])
  })

  it('reads its standard input, has its variables, and begins in the folder', async () => {
    mkdirSync(join(folder, 'inner'), { recursive: true })
    const code =
      'process.stdin.pipe(process.stdout); console.log(process.cwd(), process.env.NAME, process.env.HOOKLINE_TEST ?? "none")'
    process.env.HOOKLINE_TEST = 'secret'
    const output = await run({ ...js(code), stdin: { a: 1 }, folder: 'inner', env: { NAME: 'a b' } })
    delete process.env.HOOKLINE_TEST
    expect(output).toMatchObject({ stdout: `${join(folder, 'inner')} a b none\n{"a":1}` })
  })

  it('may end without having read what it was given', async () => {
    expect(await run({ ...js('process.exit(0)'), stdin: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 })
  })

  it('fails by its exit code, with what it said last', async () => {
    const error = await failure(js('console.log("so far"); console.error("first\\nno such order\\n"); process.exit(3)'))
    expect(error).toMatchObject({ code: 'exit-3', retryable: false })
    expect(error.message).toMatch(/ended with code 3: no such order\.?$/)
    expect(error.facts).toEqual({ exitCode: 3, stdout: 'so far\n', stderr: 'first\nno such order\n\n' })
    expect(await run({ ...js('process.exit(3)'), okCodes: [0, 3] })).toMatchObject({ exitCode: 3 })
    expect(await failure({ ...js('process.exit(3)'), repeat: 'safe' })).toMatchObject({ retryable: true })
  })

  it('fails when it is ended by a signal', async () => {
    expect(await failure(js('process.kill(process.pid, "SIGKILL")'))).toMatchObject({ code: 'program-killed' })
  })

  it('keeps what is no text readable', async () => {
    expect(await run(js('process.stdout.write(Buffer.from([0x61, 0xff, 0x62]))'))).toMatchObject({ stdout: 'a\ufffdb' })
  })

  it.each<[string, JsonObject, string, string]>([
    ['is not there', { program: 'no-such-program-here' }, 'program', 'There is no program "no-such-program-here"'],
    ['is a whole line', { program: 'ls -la' }, 'program', 'as arguments, or all of it as a line'],
    ['is no program', { program: plain }, 'program', 'make it executable'],
    ['is a folder', { program: tmpdir() }, 'program', 'may not be run'],
    ['begins in a folder that is not allowed', { program: 'true', folder: '/' }, 'folder-not-allowed', 'Settings'],
    ['begins in the data folder', { program: 'true', folder: closed }, 'folder-not-allowed', 'Settings'],
    ['begins outside, by its path', { program: 'true', folder: '../..' }, 'folder-not-allowed', 'Settings'],
    ['begins behind a link', { program: 'true', folder: 'link' }, 'folder-not-allowed', 'Settings'],
    ['begins nowhere', { program: 'true', folder: 'none' }, 'no-file', '"none"'],
    ['begins in a file', { program: 'true', folder: 'plain.txt' }, 'no-folder', 'name the folder around it'],
    ['has an argument that is too long', { program: 'true', args: ['x'.repeat(3_000_000)] }, 'program', 'longer than'],
  ])('that %s fails with a remedy', async (_name, input, code, message) => {
    if (input.folder === 'link' && !existsSync(join(folder, 'link'))) symlinkSync('/', join(folder, 'link'))
    const error = await failure(input)
    expect(error).toMatchObject({ code, retryable: false })
    expect(error.message).toContain(message)
  })

  it.each<[string, JsonObject]>([
    ['no program', {}],
    ['a program and a line', { program: 'true', line: 'true' }],
    ['a program that is no text', { program: 3 }],
    ['arguments that are no list', { program: 'true', args: { a: 1 } }],
    ['an argument with NUL', { program: 'true', args: ['a\0b'] }],
    ['an argument that is a list', { program: 'true', args: [['a']] }],
    ['a variable that is none', { program: 'true', env: { '=a': '1' } }],
    ['a variable with NUL', { program: 'true', env: { A: 'a\0' } }],
    ['an exit code that is none', { program: 'true', okCodes: ['zero'] }],
    ['no exit code', { program: 'true', okCodes: [] }],
    ['a field that there is not', { program: 'true', shell: true }],
  ])('is not started with %s', async (_name, input) => {
    const parsed = shellRun.input.safeParse(input)
    expect(parsed.success).toBe(false)
  })

  it('that writes more than 10 MB is ended, with a word about it', async () => {
    const error = await failure({ line: 'while true; do echo "a line that comes again and again"; done' })
    expect(error).toMatchObject({ code: 'too-large', retryable: false })
    expect(error.message).toContain('more than 10 MB')
  })

  it('hands more than a run takes on as a file', async () => {
    const output = await run(js('process.stdout.write("x".repeat(5_000_000))'))
    expect(output).toMatchObject({ stdout: { bytes: 5_000_000, type: 'text' } })
  })
})

describe('a line', () => {
  it('is run by the shell, with values from its environment', async () => {
    const input = { line: 'echo "$ORDER" | tr a-z A-Z && exit 0', env: { ORDER: '{{ hook.id }}' } }
    expect(await run(input, { hook: { id: '$(id); x' } })).toMatchObject({ stdout: '$(ID); X\n' })
  })

  it('stays as it is written: braces in it are the shell’s or the program’s', async () => {
    expect(await run({ line: "printf '%s' '{{ hook.id }}{{.Names}}'" }, { hook: { id: 'x' } })).toMatchObject({
      stdout: '{{ hook.id }}{{.Names}}',
    })
  })

  it.each<[string, JsonObject, string[]]>([
    ['values inside a line', { line: 'echo {{ hook.title }}' }, ['line']],
    ['values inside a line, by a tag', { line: '{% if hook.a %}echo{% endif %}' }, ['line']],
    ['values inside code for a shell', { program: 'bash', args: ['-c', 'echo {{ hook.title }}'] }, ['args']],
    ['values inside code for a shell elsewhere', { program: '/bin/sh', args: ['-ec', '{{ hook.title }}'] }, ['args']],
    ['values inside code for Python', { program: 'python3', args: ['-c', 'print("{{ hook.title }}")'] }, ['args']],
    [
      'values inside code for PowerShell',
      { program: 'powershell.exe', args: ['-Command', 'echo {{ hook.a }}'] },
      ['args'],
    ],
    ['values as arguments of a shell’s code', { program: 'bash', args: ['-c', 'echo "$1"', 'x', '{{ hook.a }}'] }, []],
    ['values as arguments', { program: 'git', args: ['-c', '{{ hook.title }}'] }, []],
    ['braces that are none of ours', { line: "docker ps --format '{{.Names}}'" }, []],
  ])('with %s is not published where that is dangerous', (_name, input, fields) => {
    expect((shellRun.unfinished?.(input) ?? []).flatMap(({ path }) => path)).toEqual(fields)
  })
})

describe('what a step started ends with it', () => {
  it.each<[string, string]>([
    ['the program', 'echo $$ > pid; exec sleep 1000'],
    ['a program that it started', 'sleep 1000 & echo $! > pid; wait'],
    ['one that left its group', 'setsid sh -c "echo \\$\\$ > pid; exec sleep 1000" & wait'],
    ['one that its parent left behind', 'setsid sh -c "(echo \\$\\$ > pid; exec sleep 1000) &" ; sleep 1000'],
    ['one that does not listen', 'trap "" TERM; echo $$ > pid; while :; do sleep 0.05; done'],
  ])('%s', async (_name, line) => {
    const place = mkdtempSync(join(folder, 'tree-'))
    const controller = new AbortController()
    const running = run({ line, folder: place }, {}, controller.signal).catch((error: unknown) => error)
    const pidFile = join(place, 'pid')
    const pid = (): number => Number(existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : 0)
    await expect.poll(pid).toBeGreaterThan(1)
    const found = pid()
    const reason = new Error('cancelled')
    controller.abort(reason)
    expect(await running).toBe(reason)
    await expect.poll(() => isGone(found)).toBe(true)
  })

  it('but what it left running on purpose goes on, and is not waited for', async () => {
    const place = mkdtempSync(join(folder, 'left-'))
    writeFileSync(join(place, 'x'), '')
    expect(await run({ line: 'sleep 30 & echo $!', folder: place })).toMatchObject({ exitCode: 0 })
    const { stdout } = (await run({ line: 'sleep 30 >/dev/null & echo $!', folder: place })) as { stdout: string }
    expect(isGone(Number(stdout))).toBe(false)
    process.kill(Number(stdout))
  })

  it('and all of it when Hookline stops', async () => {
    const own = createPrograms({ all: () => [folder], closed }, systemClock, join(closed, 'programs'))
    const call = { line: 'sleep 1000', stdin: null, folder: null, env: {}, maxBytes: 1_000 }
    const running = own.run(call, new AbortController().signal).catch((error: unknown) => String(error))
    await own.close()
    expect(await running).toContain('stopping')
  })

  it.runIf(process.platform === 'linux')(
    'and, where Hookline was ended by force, when it starts again, but for what was left running on purpose',
    async () => {
      const place = mkdtempSync(join(folder, 'forced-'))
      const records = join(closed, 'forced')
      const call = (line: string) => ({ line, stdin: null, folder: place, env: {}, maxBytes: 1_000 })
      const host = spawn(process.execPath, [
        '--input-type=module',
        '--eval',
        `import { createPrograms } from ${JSON.stringify(new URL('./programs.ts', import.meta.url).href)}
        import { systemClock } from ${JSON.stringify(new URL('../domain/time/clock.ts', import.meta.url).href)}
        const programs = createPrograms({ all: () => [${JSON.stringify(folder)}], closed: null }, systemClock, ${JSON.stringify(records)})
        const never = new AbortController().signal
        await programs.run(${JSON.stringify(call('sleep 1000 >/dev/null 2>&1 & echo $! > purpose'))}, never)
        await programs.run(${JSON.stringify(call('setsid sleep 1000 & echo $! > inner; echo $$ > pid; wait'))}, never)`,
      ])
      const pidIn = (name: string): number =>
        existsSync(join(place, name)) ? Number(readFileSync(join(place, name), 'utf8')) : 0
      await expect.poll(() => pidIn('pid'), { timeout: 10_000 }).toBeGreaterThan(1)
      const gone = once(host, 'exit')
      host.kill('SIGKILL')
      await gone
      expect([pidIn('pid'), pidIn('inner'), pidIn('purpose')].map(isGone)).toEqual([false, false, false])
      const next = createPrograms({ all: () => [folder], closed }, systemClock, records)
      expect(await next.endLeftovers()).toBe(2)
      await expect.poll(() => [pidIn('pid'), pidIn('inner')].map(isGone)).toEqual([true, true])
      expect(isGone(pidIn('purpose'))).toBe(false)
      process.kill(pidIn('purpose'))
      expect(await next.endLeftovers()).toBe(0)
      expect(existsSync(records)).toBe(false)
    },
  )
})

describe('what a program writes that is no UTF-8', () => {
  it('stands whole in a file beside its text', async () => {
    const output = await run({ ...js('process.stdout.write(Buffer.from("Gr\\xfc\\xdfe", "latin1"))'), repeat: 'safe' })
    expect(output).toMatchObject({
      stdout: 'Gr\ufffd\ufffde',
      stdoutFile: { filename: 'stdout', contentType: 'application/octet-stream', content: { bytes: 5, type: 'bytes' } },
    })
    expect(output).not.toHaveProperty('stderrFile')
  })

  it('is no file where it is UTF-8', async () => {
    const output = await run(js('process.stdout.write("Grüße"); process.stderr.write(Buffer.from([0xff]))'))
    expect(output).toMatchObject({ stdout: 'Grüße', stderrFile: { filename: 'stderr' } })
    expect(output).not.toHaveProperty('stdoutFile')
  })
})
