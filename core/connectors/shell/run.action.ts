import { z } from 'zod'
import { templateRoots } from '../../domain/templates/template.ts'
import { fileTouch, programTouch } from '../../domain/trust/touches.ts'
import { isJsonList, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { Step } from '../../domain/zap/zap-file.ts'
import type { ActionContext, ProgramCall } from '../action-context.ts'
import { defineAction } from '../define.ts'
import {
  okCodesField,
  programFailed,
  programOutput,
  programWords,
  variablesField,
  withoutNul,
} from '../kit/program-output.ts'

/** Bytes of a program's output, and of its errors, beyond which it is ended. */
const MAX_OUTPUT = 10_485_760
/** Programs that take code as an argument, and the arguments behind which it stands. */
const TAKE_CODE =
  /[\\/](?:(?:ba|da|z|k|c|tc|fi)?sh|busybox|cmd|powershell|pwsh|python[0-9.]{0,5}|node|deno|bun|perl|ruby|php|osascript|awk|gawk|env|sudo|xargs)(?:\.exe)?$/i
const TAKES_CODE_NEXT = /^(?:-[a-z]{0,5}[cer]|--?(?:eval|print|command|encodedcommand)|eval|\/[ck])$/i

const word = withoutNul.max(100_000, { error: 'is longer than 100,000 characters' })
const scalar = z.union([withoutNul, z.number(), z.boolean(), z.null()])
/** Runs a program of this computer. */
export const shellRun = defineAction({
  id: 'shell.run',
  title: 'Run a program',
  description: 'Runs a program, script or shell command on this computer.',
  keywords: [
    'shell',
    'command',
    'execute command',
    'run shell script',
    'script',
    'bash',
    'terminal',
    'exec',
    'program',
    'powershell',
    'python',
    'cli',
    'ssh',
  ],
  icon: 'square-terminal',
  category: 'code',
  summary: '{program} {line}',
  effect: ({ repeat }) => (repeat === 'safe' ? 'idempotent' : 'unsafe'),
  timeoutMs: 300_000,
  takesLarge: true,
  // What came from outside must not become a command: see `unfinished`.
  verbatim: ['line'],
  touches: (input) => [
    ...(isWritten(input.line) ? programTouch([input.line]) : programTouch([input.program, ...argumentsOf(input.args)])),
    ...fileTouch(input.folder, 'writes'),
  ],
  unfinished,
  input: z
    .strictObject({
      program: word.optional().meta({
        title: 'Program',
        description: 'Its name, such as git, or its full path. It is run as it is, without a shell.',
        ui: {
          widget: 'template',
          placeholder: 'git',
          choice: { title: 'What is run', label: 'A program' },
        },
      }),
      line: word.optional().meta({
        title: 'Line',
        description: 'Run by the system’s shell. Values come in by the environment: "$NAME".',
        ui: {
          widget: 'code',
          language: 'shell',
          placeholder: 'tar -czf backup.tgz notes && ls -l',
          choice: { title: 'What is run', label: 'A line for the shell' },
        },
      }),
      args: z
        .array(scalar)
        .default([])
        .meta({
          title: 'Arguments',
          description: 'Each is one argument, with its blanks and quotes.',
          ui: {
            widget: 'templates',
            noun: 'argument',
            placeholder: '--all',
            choice: { title: 'What is run', label: 'A program' },
          },
        }),
      stdin: jsonSchema.optional().meta({
        title: 'Standard input',
        description: 'What the program reads. Lists and objects are written as JSON.',
        ui: { widget: 'template-long', advanced: true },
      }),
      folder: z
        .string()
        .max(4_096)
        .optional()
        .meta({
          title: 'Folder',
          description: 'Where it starts: inside an allowed folder; your Hookline files when empty.',
          ui: { widget: 'folder-path' },
        }),
      env: variablesField.optional().meta({
        title: 'Environment',
        description: 'Variables that the program gets, beside those that nearly every program needs.',
        ui: { widget: 'key-value' },
      }),
      okCodes: okCodesField,
      repeat: z
        .enum(['ask', 'safe'])
        .default('ask')
        .meta({
          title: 'If it was interrupted',
          description: 'Whether the program may be run a second time when it is not known how the first ended.',
          ui: { advanced: true, labels: { ask: 'Ask me', safe: 'Run it again: that does no harm' } },
        }),
    })
    .superRefine(({ program, line }, issues) => {
      if (isWritten(program) && isWritten(line)) {
        issues.addIssue({
          code: 'custom',
          path: ['line'],
          message: 'stands beside a program: only one of them can be run',
        })
      } else if (!isWritten(program) && !isWritten(line)) {
        issues.addIssue({ code: 'custom', path: ['program'], message: 'is needed, or a line for the shell' })
      }
    }),
  output: programOutput,
  sample: { exitCode: 0, stdout: 'Already up to date.\n', stderr: '', ms: 42 },
  async run(ctx) {
    const { input } = ctx
    const { program, line, args } = input
    const call = {
      stdin: await stdinOf(input.stdin, ctx),
      folder: isWritten(input.folder) ? input.folder.trim() : null,
      env: Object.fromEntries(Object.entries(input.env ?? {}).map(([name, value]) => [name, plainText(value)])),
      maxBytes: MAX_OUTPUT,
    }
    const what: ProgramCall = isWritten(line)
      ? { ...call, line }
      : { ...call, program: (program ?? '').trim(), args: args.map(plainText) }
    const end = await ctx.program(what)
    if (end.exitCode === null || !input.okCodes.includes(end.exitCode)) {
      const name = 'program' in what ? `The program "${what.program}"` : 'The line'
      throw programFailed(name, end, input.repeat === 'safe')
    }
    return { output: { exitCode: end.exitCode, ms: end.ms, ...(await programWords(end, ctx.large)) } }
  },
})

const isWritten = (value: Json | undefined): value is string => typeof value === 'string' && value.trim() !== ''
const plainText = (value: z.output<typeof scalar>): string => (value === null ? '' : String(value))

/** Arguments as they are written: a list, or a template that will be one. */
function argumentsOf(args: Json | undefined): readonly Json[] {
  return args === undefined ? [] : isJsonList(args) ? args : [args]
}

/**
 * Text from outside inside a command is a command: `; rm -rf ~` in the title of a mail would be run. Neither quotes around it nor escapes help in
 * every shell, so no template is filled in there, and none may be published.
 */
function unfinished({ program, line, args }: Step['input']) {
  const found: { path: string[]; message: string }[] = []
  // What begins with a point, such as {{.Names}} of Docker, is the program's own.
  const own = isWritten(line) ? line.replace(/\{\{-?\s?\.[^{}]*\}\}/g, '') : ''
  const [template] = templateRoots(own)
  if (template !== undefined && template.error === undefined && (template.roots.length > 0 || own.includes('{%'))) {
    const message = `holds {{ … }}, which is not filled in: the shell would run what came from outside as a command. Give it a name under "Environment", and write "$NAME" here`
    found.push({ path: ['line'], message })
  }
  if (!isWritten(program) || !TAKE_CODE.test(`/${program.trim()}`)) return found
  const words = argumentsOf(args)
  const at = words.findIndex((option) => typeof option === 'string' && TAKES_CODE_NEXT.test(option))
  if (at >= 0 && templateRoots(words[at + 1] ?? null).length > 0) {
    const message = `hold {{ … }} inside code for ${program.trim()}, which would run what came from outside: hand the value over under "Environment", or as an argument behind the code`
    found.push({ path: ['args'], message })
  }
  return found
}

async function stdinOf(value: Json | undefined, { large }: Pick<ActionContext<unknown>, 'large'>) {
  if (value === undefined || value === null) return null
  return isLargeValue(value) ? large.read(value) : textOf(value)
}
