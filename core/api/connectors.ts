import { z } from 'zod'
import type { Connector } from '../connectors/define.ts'
import { type FieldOptions, fieldUiSchema } from '../contract/connector-manifest.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { isDynamicText } from '../domain/templates/template.ts'
import type { Json } from '../domain/values/json.ts'
import { appChoices } from './app-choices.ts'
import { requireZap } from './require.ts'
import { type AppServices, procedures } from './services.ts'

/** Milliseconds that a person waits for a list. */
const TIMEOUT_MS = 15_000

/** What is shown of one page, however much the service sends. */
const MAX_OPTIONS = 1_000
const MAX_CHARS = 300

export function connectorProcedures(services: AppServices) {
  const { catalogue, calls, own } = services
  return {
    list: procedures.connectors.list.handler(() => catalogue.manifests()),

    own: procedures.connectors.own.handler(() => ({ folder: own.folder, files: own.files() })),
    approveOwn: procedures.connectors.approveOwn.handler(async ({ input, errors }) => {
      try {
        return await own.approve(input.file)
      } catch (error) {
        throw errors.CONFLICT({ message: StepError.from(error).message })
      }
    }),
    writeOwn: procedures.connectors.writeOwn.handler(async ({ input, errors }) => {
      try {
        return await own.write(input)
      } catch (error) {
        throw errors.CONFLICT({ message: StepError.from(error).message })
      }
    }),
    turnOffOwn: procedures.connectors.turnOffOwn.handler(async ({ input }) => {
      await own.turnOff(input.file)
      return { ok: true as const }
    }),

    options: procedures.connectors.options
      .use(requireZap(services))
      .handler(async ({ input, errors, context: { zap } }) => {
        const { step, field, search, cursor } = input
        await catalogue.load([step])
        const ofApp = step.uses.startsWith('app.') ? await appChoices(services, zap, step, field) : null
        if (ofApp !== null) return ofApp
        const connector = catalogue.find(step.uses)
        const list = connector && listOf(connector, field)
        if (connector === undefined || list === undefined) {
          throw errors.NOT_FOUND({ message: `The field "${field}" of "${step.uses}" has no list to choose from.` })
        }
        const missing = list.needs.find((name) => isOpen(step.input[name]))
        if (missing !== undefined) {
          return failed(`Fill in "${titleOf(connector, missing)}" first: the list depends on it.`)
        }
        const steps = [...zap.draft.steps.filter(({ id }) => id !== step.id), step]
        try {
          const request = { input: step.input, search: list.searches ? search : '', cursor }
          const found = await calls.call(
            { zapId: zap.id, file: { ...zap.draft, steps }, step },
            (context) => list.read(request, context),
            { timeoutMs: TIMEOUT_MS },
          )
          const options = found.options.slice(0, MAX_OPTIONS).map(({ value, label, hint }) => ({
            value,
            label: label.slice(0, MAX_CHARS),
            ...(hint === undefined ? {} : { hint: hint.slice(0, MAX_CHARS) }),
          }))
          return { options, next: found.next, error: null }
        } catch (error) {
          return failed(withRemedy(StepError.from(error)))
        }
      }),
  }
}

const failed = (error: string): FieldOptions => ({ options: [], next: null, error })

function withRemedy({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code !== 'http-401' && code !== 'http-403') return message
  return `The service refuses the account: ${message}. Test it under Credentials, or choose another one.`
}

const metaSchema = z.looseObject({ title: z.string().optional(), ui: fieldUiSchema.optional() })

const metaOf = (connector: Connector, field: string) => {
  const schema = Object.hasOwn(connector.input.shape, field) ? connector.input.shape[field] : undefined
  const isDescribed = schema !== undefined && 'meta' in schema && typeof schema.meta === 'function'
  return metaSchema.safeParse(isDescribed ? schema.meta() : undefined).data
}

function titleOf(connector: Connector, field: string): string {
  return metaOf(connector, field)?.title ?? field
}

function listOf(connector: Connector, field: string) {
  const options = metaOf(connector, field)?.ui?.options
  const sources = connector.options ?? {}
  const read = options !== undefined && Object.hasOwn(sources, options.from) ? sources[options.from] : undefined
  return options && read && { read, needs: options.needs ?? [], searches: options.searches === true }
}

/** Nothing yet, or only known while the zap runs. */
function isOpen(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.trim() === '' || isDynamicText(value)
  return value === undefined || value === null
}
