import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../db/test-database.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'
import { hasServer, startSshd } from '../../test-servers.ts'

let server: Awaited<ReturnType<typeof startSshd>> | undefined
beforeAll(async () => {
  if (hasServer.ssh) server = await startSshd()
})
afterAll(() => server?.stop())

async function setUp(more: Record<string, Json> = {}) {
  const { client, folder } = await testApp()
  const account = {
    host: '127.0.0.1',
    port: server?.port ?? 0,
    user: server?.user ?? 'ada',
    key: server?.identity ?? '',
    passphrase: 'long-passphrase',
    ...more,
  }
  await client.credentials.set({ name: 'box', type: 'ssh', secret: JSON.stringify(account) })
  const run = async (
    uses: string,
    input: Record<string, Json>,
    event: Json = {},
    after: Record<string, Json>[] = [],
  ) => {
    const id = await enableZap(client, {
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        {
          id: 'do',
          uses,
          input: { account: { $credential: 'box' }, ...input },
          settings: { retry: { maxAttempts: 1 } },
        },
        ...after.map((more, at) => ({ id: `after${at}`, uses: String(more.uses), input: Object(more.input) })),
      ],
      edges: [
        { from: 'go', to: 'do' },
        ...after.map((_, at) => ({ from: at === 0 ? 'do' : `after${at - 1}`, to: `after${at}` })),
      ],
    })
    const { run, steps } = await runToEnd(client, id, event)
    const step = steps.find((one) => one.step === 'do')
    return {
      status: run.status,
      output: step?.output as Record<string, Json>,
      error: step?.attempts.at(-1)?.error,
      steps,
      text: JSON.stringify(steps),
    }
  }
  return { client, folder, run }
}

describe.skipIf(!hasServer.ssh)('a real OpenSSH server', () => {
  test('a command runs there with its values, its folder and what it reads', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    const { output } = await run(
      'ssh.run',
      {
        command: 'printf "%s|%s" "$ORDER" "$(pwd)"; cat; echo late >&2; exit 3',
        env: { ORDER: '{{ go.id }}' },
        folder,
        stdin: '{{ go.text }}',
        okCodes: [3],
      },
      { id: `it's; rm -rf "$HOME" \`x\` ü`, text: 'read\nthis 🎉' },
    )
    expect(output).toMatchObject({
      exitCode: 3,
      stdout: `it's; rm -rf "$HOME" \`x\` ü|${folder}read\nthis 🎉`,
      stderr: 'late\n',
    })
    const failed = await run('ssh.run', { command: 'echo no such thing >&2; exit 4' })
    expect(failed.error).toMatchObject({ code: 'exit-4', message: expect.stringMatching(/no such thing/) })
    const bytes = await run('ssh.run', { command: `printf '\\377\\000a'` })
    expect(bytes.output).toMatchObject({ stdoutFile: { bytes: 3 } })
    const endless = await run('ssh.run', { command: 'cat /dev/zero' })
    expect(endless.error).toMatchObject({ code: 'too-large' })
  })

  test('files go there and come back, whole and atomically, under every name', async () => {
    const { run, folder: data } = await setUp()
    const there = temporaryFolder()
    mkdirSync(join(data, 'files'), { recursive: true })
    const content = Buffer.alloc(700_000, 'Grüße ')
    writeFileSync(join(data, 'files', `a 'b" ü🎉.bin`), content)
    const put = await run('sftp.put', { from: `a 'b" ü🎉.bin`, path: `${there}/new/folder/` })
    const path = join(there, 'new', 'folder', `a 'b" ü🎉.bin`)
    expect(put.output).toEqual({ path, bytes: content.length })
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(readdirSync(join(there, 'new', 'folder'))).toHaveLength(1)
    writeFileSync(join(there, 'new', 'small.CSV'), 'a,b\n')
    const list = await run('sftp.list', { folder: join(there, 'new'), glob: 's*.CSV' })
    expect(list.output).toMatchObject({
      count: 1,
      files: [{ path: join(there, 'new', 'small.CSV'), extension: 'csv', bytes: 4, isFolder: false }],
    })
    const all = await run('sftp.list', { folder: join(there, 'new') })
    expect(all.output.files).toMatchObject([{ name: 'folder', isFolder: true }, { name: 'small.CSV' }])
    const got = await run('sftp.get', { path }, {}, [
      { uses: 'file.write', input: { path: 'back.bin', content: '{{ do.file }}' } },
    ])
    expect(got.output).toMatchObject({ name: `a 'b" ü🎉.bin`, bytes: content.length })
    expect(readFileSync(join(data, 'files', 'back.bin')).equals(content)).toBe(true)
    writeFileSync(join(data, 'files', 'other.txt'), 'new')
    expect((await run('sftp.put', { from: 'other.txt', path, ifExists: 'fail' })).error).toMatchObject({
      code: 'file-exists',
    })
    expect((await run('sftp.put', { from: 'other.txt', path })).output).toEqual({ path, bytes: 3 })
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  test.each<[string, string, Record<string, Json>, string]>([
    ['a file that is not there', 'sftp.get', { path: '/no/such/file' }, 'no-file'],
    ['a folder in place of a file', 'sftp.get', { path: '/tmp' }, 'is-folder'],
    ['a folder that is not there', 'sftp.list', { folder: '/no/such' }, 'no-file'],
    ['a place that is none', 'sftp.put', { from: { filename: 'x' }, path: '/tmp/x' }, 'bad-input'],
  ])('%s is told', async (_words, uses, input, code) => {
    const { run } = await setUp()
    const { error } = await run(uses, input)
    expect(error).toMatchObject({ code, message: expect.stringMatching(/[.”]$/) })
  })

  test('the key of a server is kept at first use, and another one is refused before anything is sent', async () => {
    const { run, client } = await setUp()
    expect((await run('ssh.run', { command: 'true' })).status).toBe('succeeded')
    expect(await client.credentials.test({ name: 'box' })).toMatchObject({
      ok: true,
      account: expect.stringMatching(/@127\.0\.0\.1 \(SHA256:.{43}\)$/),
    })
    const pinned = await setUp({ hostKey: server?.hostKey ?? '' })
    expect((await pinned.run('ssh.run', { command: 'true' })).status).toBe('succeeded')
    await server?.again()
    for (const ask of [run, pinned.run]) {
      const { error, text } = await ask('ssh.run', { command: 'true' })
      expect(error).toMatchObject({
        code: 'host-key-changed',
        message: expect.stringMatching(/nothing was sent.*empty “Key of the server”/),
      })
      expect(text).not.toMatch(/long-passphrase|OPENSSH PRIVATE/)
    }
    expect(await client.credentials.test({ name: 'box' })).toMatchObject({ ok: false })
    // Tested first, the key is kept as well.
    const tested = await setUp()
    expect(await tested.client.credentials.test({ name: 'box' })).toMatchObject({ ok: true })
    await server?.again()
    expect((await tested.run('ssh.run', { command: 'true' })).error).toMatchObject({ code: 'host-key-changed' })
  })

  test.each<[string, Record<string, Json>, string, RegExp]>([
    ['a wrong passphrase', { passphrase: 'another-one' }, 'bad-credential', /enter its passphrase/],
    ['no passphrase', { passphrase: null }, 'bad-credential', /enter its passphrase/],
    ['a key that is none', { key: 'ssh-ed25519 AAAA' }, 'bad-credential', /paste the whole file/],
    ['a wrong password', { key: null, password: 'another-password' }, 'sign-in', /enter them again/],
    ['neither password nor key', { key: null }, 'bad-credential', /neither a password nor a private key/],
    ['a fingerprint that is none', { hostKey: 'abc' }, 'bad-credential', /neither a fingerprint/],
    ['a port where nothing is', { port: 9 }, 'network', /nothing listens there/],
  ])('%s is told with what to do, and no secret', async (_words, more, code, message) => {
    const { run } = await setUp(more)
    const { error, text } = await run('ssh.run', { command: 'true' })
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(text).not.toMatch(/another-password|another-one|long-passphrase|OPENSSH PRIVATE/)
  })

  test('a command whose run is cancelled is left', async () => {
    const { client } = await setUp()
    const mark = join(temporaryFolder(), 'began')
    const id = await enableZap(client, {
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        {
          id: 'do',
          uses: 'ssh.run',
          input: { account: { $credential: 'box' }, command: `touch '${mark}'; sleep 600` },
        },
      ],
      edges: [{ from: 'go', to: 'do' }],
    })
    const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
    await expect.poll(() => existsSync(mark)).toBe(true)
    await client.runs.cancel({ id: runId })
    await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('cancelled')
  })
})

/** A server by the library itself, which takes a password, also where that is asked for as a question. */
async function passwordServer(way: 'password' | 'keyboard-interactive'): Promise<number> {
  const { private: key } = ssh2.utils.generateKeyPairSync('ed25519')
  const running = new ssh2.Server({ hostKeys: [key] }, (client) => {
    client.on('error', () => undefined)
    client.on('authentication', (ctx) => {
      if (ctx.method === 'password' && way === 'password' && ctx.password === 'long-password') ctx.accept()
      else if (ctx.method === 'keyboard-interactive' && way === 'keyboard-interactive') {
        ctx.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
          answers[0] === 'long-password' ? ctx.accept() : ctx.reject(),
        )
      } else ctx.reject([way])
    })
    client.on('session', (accept) =>
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        channel.write(`did ${command}`)
        channel.exit(0)
        channel.end()
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(running, 'listening')
  onTestFinished(() => void running.close())
  return (running.address() as AddressInfo).port // it listens on a port
}

test.each(['password', 'keyboard-interactive'] as const)('a password signs in by %s', async (way) => {
  const { run } = await setUp({
    port: await passwordServer(way),
    key: null,
    passphrase: null,
    password: 'long-password',
    user: 'ada',
  })
  const { output, error } = await run('ssh.run', { command: 'uptime' })
  expect(error).toBeNull()
  expect(output).toMatchObject({ exitCode: 0, stdout: 'did uptime' })
})

test('a value from outside inside of a command is a problem before publishing', async () => {
  const { client } = await setUp()
  const content = {
    format: 'hookline/zap@1',
    name: 'Test',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'do', uses: 'ssh.run', input: { account: { $credential: 'box' }, command: 'echo {{ go.id }}' } },
    ],
    edges: [{ from: 'go', to: 'do' }],
  }
  const { zaps } = await client.zaps.import({ files: [{ file: 'test', content }], enable: true })
  expect(zaps[0]?.problems.map(({ message }) => message).join(' ')).toMatch(/under "Environment"/)
})
