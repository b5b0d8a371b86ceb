import { StepError } from '../domain/runs/step-error.ts'

/** A step of code, as it becomes a connector of one's own. */
export type WrittenConnector = {
  /** Of its app and its file. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Names of the values that the code gets. */
  readonly fields: readonly string[]
  readonly code: string
}

/**
 * The file of a connector that does what a step of code does: its values are fields of a form, and what the code returns is its output.
 *
 * @throws StepError `bad-code` for code that is none, or that needs what code steps alone have.
 */
export function connectorSource({ id, title, description, fields, code }: WrittenConnector): string {
  try {
    // It is read as the inside of a function, as strictly as a file is, and never run.
    new AsyncFunction(`'use strict'\n${code}`)
  } catch (error) {
    throw bad(`The code cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const plain = code.replaceAll(TEXTS, "''")
  if (!/\breturn\b/.test(plain)) throw bad('A connector returns its output: write "return" before the last line.')
  for (const name of ['DateTime', 'item', 'index'])
    if (!fields.includes(name) && isFromOutside(name, plain))
      throw bad(`"${name}" is there in code steps alone: give it to the code as a value of its own.`)
  if (fields.includes('__proto__'))
    throw bad('A value of a connector cannot be called "__proto__": give it another name in the step.')
  const shape = fields.map(
    (name) => `        ${keyOf(name)}: anyValue().optional().meta({ title: ${JSON.stringify(titleOf(name))} }),`,
  )
  return `// A connector of your own, made of a step of code. docs/writing-a-connector.md says what there is.
import { action, anyValue, defineApp, z } from '@hookline/sdk'

export default defineApp({
  id: ${JSON.stringify(id)},
  title: ${JSON.stringify(title)},
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"><path d="m9 8-4 4 4 4m6-8 4 4-4 4"/></svg>',
  hue: null,
  actions: [
    action({
      name: 'run',
      title: ${JSON.stringify(title)},
      description: ${JSON.stringify(description)},
      summary: '',
      // What a repeat would do: none (it only computes), idempotent, keyed, or unsafe.
      effect: 'none',
      input: z.object({
${shape.join('\n')}
      }),
      output: z.object({ result: anyValue() }),
      sample: { result: null },
      async run({ input }) {
        return { result: (await work(input)) ?? null }
      },
    }),
  ],
})

function work(input) {
  return (async function () {
${code}
  })()
}
`
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (code: string) => unknown

/** Comments and texts of code; a text with code in it counts as code. What is not closed here is part of a pattern. */
const TEXTS =
  /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?|`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*`/g

/** Where names come to be, each with what stands there: declarations, further ones after a comma, and parameters. */
const BINDINGS = [
  /\b(?:const|let|var|class|function|catch)\b[\s({[]*([^=;()]*)/g,
  /,\s*([\w$]{1,20})\s{0,9}=(?![=>])/g,
  /(?<!\b(?:if|while|switch|with)\s?)\(([^()]*)\)\s*(?:=>|\{)/g,
  /(?<![\w$])([\w$]{1,20})\s{0,9}=>/g,
]

/** Whether code uses a name that it does not make itself. Where that cannot be told it counts as its own: it then fails as it runs, and says so. */
function isFromOutside(name: string, code: string): boolean {
  if (!new RegExp(`(?<![.\\w$])${name}\\b(?!\\s{0,5}:)`).test(code)) return false
  const word = new RegExp(`(?<![\\w$])${name}(?![\\w$])`)
  return !BINDINGS.some((binding) => [...code.matchAll(binding)].some(([, made = '']) => word.test(made)))
}

/** A name in an object that is written out. */
const keyOf = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name))

const titleOf = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

const bad = (message: string): StepError => new StepError({ code: 'bad-code', message, retryable: false })
