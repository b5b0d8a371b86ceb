import { z } from 'zod'
import { jsonSchema } from '../domain/values/json.ts'

/**
 * How a field of a connector's form is shown, beyond what its JSON Schema says. Connectors put it into their zod schema
 * with `.meta({ ui: { … } })`, and it arrives in the JSON Schema under `ui`.
 */
export const fieldUiSchema = z.object({
  /**
   * `template` (one line) and `template-long` take text with `{{ }}`; `conditions` edits rows of a filter (`all` and `any`
   * at once: it is set on the field `all`, and the field `any` is `hidden`); `condition-group` the same rows in one field, as
   * `{ all: […] }` or `{ any: […] }`; `paths` a list of `{ id, name?, when: <group> }`, in order, whose ids are ports;
   * `duration` is a length of time, `interval` one that due times are counted by;
   * `file-path` and `folder-path` are text with `{{ }}` that can also be picked in a dialog, of the computer that the host runs on;
   * `zap` picks a zap (its id), `zaps` a list of them; `text-list` a list of texts, one a line; `key-value` a table of names and templates; `rows` a list of objects, each with the fields of its schema, and `templates` one of texts with `{{ }}`, both of things that are called `noun`; `item-field` is the name or path of a field of each item in the field `items`; `table` a table of the Tables screen, by its name, and `table-column` a column of the one that the field `table` names; `form-fields` a list of the fields of a form, `service-choice` text with `{{ }}` that can also be chosen of a list which the service has (see `options`), `credential` a `{ "$credential": name }`, `credentials` a list of them; the rest are what they say. Without a widget the type decides.
   */
  widget: z
    .enum([
      'text',
      'text-list',
      'rows',
      'templates',
      'item-field',
      'table',
      'table-column',
      'template',
      'template-long',
      'conditions',
      'condition-group',
      'paths',
      'zap',
      'zaps',
      'key-value',
      'credential',
      'credentials',
      'cron',
      'duration',
      'interval',
      'time-zone',
      'file-path',
      'folder-path',
      'form-fields',
      'service-choice',
      'json',
      'code',
      'hidden',
    ])
    .optional(),
  placeholder: z.string().optional(),
  /** Of a list: what one entry of it is called. */
  noun: z.string().optional(),
  /**
   * A text in it that is JSON with templates in it stays JSON, with what these read escaped: always, or only while
   * another field has one of these values, null among them for none.
   */
  jsonText: z.union([z.literal(true), z.object({ field: z.string(), in: z.array(jsonSchema) })]).optional(),
  /** Of a `credential`: the types among which it is chosen; all where there are none. */
  types: z.array(z.string()).optional(),
  /**
   * Of a `service-choice`: the list of its connector, the fields that must be filled in before it can be read, those that it
   * reads where they are filled in, and whether the service itself
   * looks for what is typed; else it is looked for in what was read.
   */
  options: z
    .object({
      from: z.string(),
      needs: z.array(z.string()).optional(),
      reads: z.array(z.string()).optional(),
      searches: z.boolean().optional(),
    })
    .optional(),
  /** Of a `file-path`: only a file that is there already makes sense, as the step reads it. */
  mustExist: z.boolean().optional(),
  /** Of `code`: what it is written in. */
  language: z.enum(['javascript', 'jsonata', 'shell', 'sql']).optional(),
  /** What a number counts, so that it can be said in words. */
  unit: z.enum(['ms', 'bytes']).optional(),
  /** What the screens call the values of a choice; the one of the empty text stands for no value. Others are shown as they are. */
  labels: z.record(z.string(), z.string()).optional(),
  /**
   * Fields beside each other with the same `title` here are one choice, as only one of them can hold: the one that was chosen is shown, and
   * filling it in empties the others. `label` is what choosing this one is called.
   */
  choice: z.object({ title: z.string(), label: z.string() }).optional(),
  /** Folded under "Advanced". */
  advanced: z.boolean().optional(),
  /** Shown only while another field has one of these values. */
  showIf: z.object({ field: z.string(), in: z.array(jsonSchema) }).optional(),
})
export type FieldUi = z.infer<typeof fieldUiSchema>

export const connectorCategorySchema = z.enum([
  'webhook',
  'schedule',
  'manual',
  'zap',
  'logic',
  'data',
  'http',
  'file',
  'notify',
  'code',
  'app',
])
export type ConnectorCategory = z.infer<typeof connectorCategorySchema>

/** What the screens know of a connector. */
export const connectorManifestSchema = z.object({
  id: z.string(),
  kind: z.enum(['trigger', 'action']),
  title: z.string(),
  description: z.string(),
  /** Words that people search for it by, beside title and description. */
  keywords: z.array(z.string()),
  /** Name of a lucide icon, in kebab case, or an SVG as a `data:` address. */
  icon: z.string(),
  category: connectorCategorySchema,
  /** Title of the app that it is part of; the app's id is what its own begins with. */
  app: z.string().optional(),
  /** JSON Schema (2020-12) of the input: an object; property order is form order. `title`, `description`, `default` and `ui` are set on its fields. */
  input: z.record(z.string(), jsonSchema),
  ports: z.array(z.object({ id: z.string(), label: z.string().optional() })),
  /** A field that is a list of `{ id, name? }`: each makes a port, before those of `ports`. */
  portsFrom: z.string().nullable(),
  /** Whether the steps behind its port `each` are a body that is run again and again. */
  isLoop: z.boolean(),
  /** For a loop: the input field whose templates may read the loop's own body. */
  bodyField: z.string().nullable(),
  /** Input fields whose templates are rendered for each item of the list in the field `items`, and may read it as `item`, and its place as `index`. */
  itemFields: z.array(z.string()),
  /** Input fields in which braces are no templates: code, which stays as it is written. */
  verbatim: z.array(z.string()),
  /** One line about a configured step, with `{field}` for the input's values: `{method} {url}`. */
  summary: z.string(),
  /** An example of the output. */
  sample: jsonSchema,
  /** What repeating the step would do. `depends` when its input decides. */
  effect: z.enum(['none', 'idempotent', 'keyed', 'unsafe', 'depends']),
  /** What its account must be granted at its service. */
  scopes: z.array(z.string()).optional(),
  /** Of a trigger: what kind of source its events come from. */
  source: z
    .enum([
      'webhook',
      'schedule',
      'person',
      'failure',
      'table',
      'silence',
      'watch',
      'folder',
      'poll',
      'connection',
      'form',
      'hook',
    ])
    .optional(),
})
export type ConnectorManifest = z.infer<typeof connectorManifestSchema>

/** Choices of a field, as its service lists them. */
export const fieldOptionsSchema = z.object({
  options: z.array(z.object({ value: z.string(), label: z.string(), hint: z.string().optional() })),
  /** Where the next page begins; null when there is none. */
  next: z.string().nullable(),
  /** Why they could not be read, and what to do about it; the field takes any text all the same. */
  error: z.string().nullable(),
})
export type FieldOptions = z.infer<typeof fieldOptionsSchema>

/** Code in a language of {@link FieldUi} that can be checked. */
export const codeSchema = z.object({
  language: z.enum(['javascript', 'jsonata']),
  code: z.string().max(500_000),
})

/** What is wrong at a place of code. */
export const codeProblemSchema = z.object({ line: z.int().min(1), column: z.int().min(1), message: z.string() })
export type CodeProblem = z.infer<typeof codeProblemSchema>
