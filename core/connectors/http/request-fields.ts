import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema } from '../credential.ts'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** What a request to any address is made of, beside its method. */
export const requestFields = {
  url: z
    .string()
    .min(1, { error: 'needs an address, such as https://example.com/orders' })
    .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
    .meta({ title: 'Address', ui: { widget: 'template', placeholder: 'https://example.com/orders' } }),
  query: z
    .record(z.string(), z.union([scalar, z.array(scalar)]))
    .optional()
    .meta({
      title: 'Query',
      description: 'Added to the address, unless a value is null.',
      ui: { widget: 'key-value', advanced: true },
    }),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: 'is not the name of a header' }), scalar)
    .optional()
    .meta({ title: 'Headers', ui: { widget: 'key-value', advanced: true } }),
  body: jsonSchema.optional().meta({
    title: 'Body',
    description:
      'JSON is sent as JSON, with or without {{ … }} in it, and so is one {{ … }} that is an object or a list.',
    ui: {
      widget: 'template-long',
      showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      jsonText: { field: 'bodyType', in: ['json', null] },
    },
  }),
  bodyType: z
    .enum(['json', 'form', 'text'])
    .optional()
    .meta({
      title: 'Send the body as',
      description: 'By itself: objects, lists and text that is JSON as JSON, other text as text.',
      ui: {
        advanced: true,
        showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE'] },
        labels: { '': 'What fits the body', json: 'JSON', form: 'Form fields', text: 'Plain text' },
      },
    }),
  auth: credentialRefSchema.optional().meta({
    title: 'Credential',
    description: 'Signs you in; it is kept apart from the zap.',
    ui: { widget: 'credential' },
  }),
}

type Scalar = z.output<typeof scalar>

/** The address of a request with its query. Throws a {@link StepError} `bad-url` for what is no address. */
export function addressOf(input: {
  readonly url: string
  readonly query?: Readonly<Record<string, Scalar | readonly Scalar[]>> | undefined
}): URL {
  const { query = {} } = input
  const address = input.url.trim()
  const url = URL.parse(address)
  if (url === null) {
    throw new StepError({ code: 'bad-url', message: `"${shownAddress(address)}" is not an address.`, retryable: false })
  }
  const added = new URLSearchParams()
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) if (value !== null) added.append(name, String(value))
  }
  if (added.size > 0) {
    // What the address has already stays as it is written: its receiver may tell %20 from + and a from a=.
    const own = url.search.slice(1)
    url.search = own === '' || own.endsWith('&') ? `${own}${added}` : `${own}&${added}`
  }
  return url
}
