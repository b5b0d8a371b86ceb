import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import type { FetchRequest, TlsTerms } from '../action-context.ts'
import { credentialRefSchema } from '../credential.ts'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** How a body is sent, where the step says it. */
export function bodyTypeField<const Type extends string>(types: readonly Type[]) {
  const labels: Readonly<Record<string, string>> = {
    '': 'What fits the body',
    json: 'JSON',
    form: 'Form fields',
    text: 'Plain text',
    multipart: 'Form data with files',
    binary: 'A file as it is',
  }
  return z
    .enum(types)
    .optional()
    .meta({
      title: 'Send the body as',
      description: 'By itself: objects, lists and text that is JSON as JSON, other text as text.',
      ui: {
        advanced: true,
        showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE'] },
        labels: Object.fromEntries(['', ...types].map((type) => [type, labels[type] ?? type])),
      },
    })
}

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
  bodyType: bodyTypeField(['json', 'form', 'text']),
  redirects: z
    .enum(['follow', 'keep'])
    .default('follow')
    .meta({
      title: 'When it leads elsewhere',
      description: 'An answer with a status from 300 to 399 and another address.',
      ui: { advanced: true, labels: { follow: 'Go there', keep: 'Take it as the answer' } },
    }),
  tls: z
    .strictObject({
      trust: z
        .string()
        .max(100_000, { error: 'is longer than 100,000 characters' })
        .regex(/-----BEGIN CERTIFICATE-----/, { error: 'must hold a certificate: -----BEGIN CERTIFICATE-----' })
        .optional()
        .meta({
          title: 'Certificate to trust',
          description: 'As PEM text: of the server itself, or of the authority that signed its own.',
          ui: { widget: 'template-long', placeholder: '-----BEGIN CERTIFICATE-----' },
        }),
      insecure: z.boolean().optional().meta({
        title: 'Trust any certificate',
        description: 'Any computer between may read and change all of it: only for what is on your own network.',
      }),
    })
    .optional()
    .meta({ title: 'TLS', description: 'For servers whose certificate is not trusted here.', ui: { advanced: true } }),
  proxy: z
    .string()
    .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
    .optional()
    .meta({
      title: 'Proxy',
      description: 'Goes through this server, whose user and password may be in its address.',
      ui: { widget: 'template', advanced: true, placeholder: 'http://proxy.example.com:3128' },
    }),
  auth: credentialRefSchema.optional().meta({
    title: 'Credential',
    description: 'Signs you in; it is kept apart from the zap.',
    ui: { widget: 'credential' },
  }),
}

/** How the fields of a request go on to `ctx.http`, beside its address, headers and body. */
export function termsOf({
  redirects,
  tls,
  proxy,
}: {
  readonly redirects: 'follow' | 'keep'
  readonly tls?: TlsTerms | undefined
  readonly proxy?: string | undefined
}): Pick<FetchRequest, 'keepsRedirects' | 'tls' | 'proxy'> {
  return {
    ...(redirects === 'keep' && { keepsRedirects: true }),
    ...(tls !== undefined && (tls.trust !== undefined || tls.insecure === true) && { tls: checkedTrust(tls) }),
    ...(proxy !== undefined && { proxy: proxy.trim() }),
  }
}

/** Throws a {@link StepError} `bad-input` for what is no certificate: connecting would fail in words of OpenSSL's. */
function checkedTrust(tls: TlsTerms): TlsTerms {
  try {
    if (tls.trust !== undefined) new X509Certificate(tls.trust)
    return tls
  } catch (error) {
    const message = 'The certificate in "tls.trust" cannot be read: paste it whole, as PEM text.'
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
  }
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
