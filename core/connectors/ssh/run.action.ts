import type { Client } from 'ssh2'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { templateRoots } from '../../domain/templates/template.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { Step } from '../../domain/zap/zap-file.ts'
import type { ProgramEnd } from '../action-context.ts'
import { credentialRefSchema } from '../credential.ts'
import { defineAction } from '../define.ts'
import {
  okCodesField,
  programFailed,
  programOutput,
  programWords,
  variablesField,
  withoutNul,
} from '../kit/program-output.ts'
import { sshError, withStepsSsh } from './ssh-session.ts'

/** Bytes of what the command writes, and of its errors, beyond which it is ended. */
const MAX_OUTPUT = 10_485_760

const NO_TEMPLATES =
  'holds {{ … }}, which is not filled in: the server would run what came from outside as a command. Give it a name under "Environment", and write "$NAME" here'

/** Runs a command on another computer. */
export const sshRun = defineAction({
  id: 'ssh.run',
  title: 'Run over SSH',
  description: 'Runs a command on another computer.',
  keywords: ['ssh', 'remote server', 'server', 'deploy'],
  icon: 'server-cog',
  category: 'code',
  summary: '{command}',
  effect: ({ repeat }) => (repeat === 'safe' ? 'idempotent' : 'unsafe'),
  timeoutMs: 300_000,
  takesLarge: true,
  // What came from outside must not become a command.
  verbatim: ['command'],
  unfinished: ({ command }: Step['input']) =>
    typeof command === 'string' && readsValues(command) ? [{ path: ['command'], message: NO_TEMPLATES }] : [],
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The computer.',
      ui: { widget: 'credential', types: ['ssh'] },
    }),
    command: withoutNul
      .max(100_000, { error: 'is longer than 100,000 characters' })
      .refine((text) => text.trim() !== '', { error: 'needs a command, such as uptime' })
      .meta({
        title: 'Command',
        description: 'Run by the user’s shell there. Values come in by the environment: "$NAME".',
        ui: { widget: 'code', language: 'shell', placeholder: 'systemctl restart "$SERVICE"' },
      }),
    env: variablesField.optional().meta({
      title: 'Environment',
      description: 'Values for the command. They are handed to a shell such as sh, bash or zsh.',
      ui: { widget: 'key-value' },
    }),
    folder: withoutNul
      .max(4_096)
      .optional()
      .meta({
        title: 'Folder',
        description: 'Where it starts; the user’s home when empty.',
        ui: { widget: 'template', placeholder: '/srv/app' },
      }),
    stdin: jsonSchema.optional().meta({
      title: 'Standard input',
      description: 'What the command reads. Lists and objects are written as JSON.',
      ui: { widget: 'template-long', advanced: true },
    }),
    okCodes: okCodesField,
    repeat: z
      .enum(['ask', 'safe'])
      .default('ask')
      .meta({
        title: 'If it was interrupted',
        description: 'Whether it may be run a second time when it is not known how the first ended.',
        ui: { advanced: true, labels: { ask: 'Ask me', safe: 'Run it again: that does no harm' } },
      }),
  }),
  output: programOutput,
  sample: { exitCode: 0, stdout: ' 09:30:00 up 42 days\n', stderr: '', ms: 210 },
  async run(ctx) {
    const { input, large, clock } = ctx
    const begun = clock.now()
    const stdin =
      input.stdin === undefined || input.stdin === null
        ? ''
        : isLargeValue(input.stdin)
          ? await large.read(input.stdin)
          : textOf(input.stdin)
    const mayRepeat = input.repeat === 'safe'
    let wasSent = false
    const end = await withStepsSsh(ctx, (client) => {
      wasSent = true
      return execute(client, lineOf(input), stdin)
    }).catch((error: unknown) => {
      if (!wasSent || mayRepeat || !(error instanceof StepError) || error.details.code !== 'network') throw error
      const message = `${error.details.message} What became of the command is not known: look there, and run the step again if it was not done.`
      throw new StepError({ code: 'connection-lost', message, retryable: false }, { cause: error })
    })
    if (end.exitCode === null || !input.okCodes.includes(end.exitCode))
      throw programFailed('The command', end, mayRepeat)
    const { exitCode } = end
    return { output: { exitCode, ms: clock.now() - begun, ...(await programWords(end, large)) } }
  },
})

function readsValues(command: string): boolean {
  // What begins with a point, such as {{.Names}} of Docker, is the program's own.
  const own = command.replace(/\{\{-?\s?\.[^{}]*\}\}/g, '')
  return templateRoots(own).some(({ error, roots }) => error === undefined && (roots.length > 0 || own.includes('{%')))
}

/** A value as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** What the shell there is given: its variables, the folder, and the command as it is written. */
function lineOf({
  command,
  env = {},
  folder = '',
}: {
  command: string
  env?: z.output<typeof variablesField> | undefined
  folder?: string | undefined
}): string {
  const variables = Object.entries(env).map(
    ([name, value]) => `export ${name}=${quoted(value === null ? '' : String(value))}; `,
  )
  return `${variables.join('')}${folder.trim() === '' ? '' : `cd ${quoted(folder.trim())} && `}${command}`
}

function execute(client: Client, line: string, stdin: string | Uint8Array): Promise<Omit<ProgramEnd, 'ms'>> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error !== undefined) {
        reject(sshError(error))
        return
      }
      const [stdout, stderr]: Buffer[][] = [[], []]
      let bytes = 0
      const keep = (into: Buffer[]) => (piece: Buffer) => {
        bytes += piece.length
        if (bytes <= MAX_OUTPUT) into.push(piece)
        else {
          const message = `The command writes more than ${MAX_OUTPUT / 1_048_576} MB, so it was left: let it write into a file there, and get that with “Get a file by SFTP”.`
          reject(new StepError({ code: 'too-large', message, retryable: false }))
        }
      }
      let exitCode: number | null = null
      let signal: string | null = null
      channel.on('exit', (code: number | null, name?: string) => {
        exitCode = code
        signal = name ?? null
      })
      channel.on('data', keep(stdout ?? []))
      channel.stderr.on('data', keep(stderr ?? []))
      channel.on('error', (thrown: Error) => reject(sshError(thrown)))
      channel.on('close', () => {
        if (exitCode === null && signal === null) return
        resolve({ exitCode, signal, stdout: Buffer.concat(stdout ?? []), stderr: Buffer.concat(stderr ?? []) })
      })
      channel.end(stdin)
    })
  })
}
