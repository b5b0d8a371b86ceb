import type { FieldUi } from '../../core/contract/connector-manifest.ts'
import { fieldUiSchema } from '../../core/contract/connector-manifest.ts'
import { isDynamicText } from '../../core/domain/templates/template.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/domain/values/json.ts'

/** The control that edits a field. Those of `ui.widget`, and those that follow from the field's type. */
export type Control =
  | Exclude<NonNullable<FieldUi['widget']>, 'hidden'>
  | 'switch'
  | 'select'
  | 'number'
  | 'choices'
  | 'body'
  | 'named-rows'
  | 'group'

/** A value to choose, and what it is called; without a value nothing is chosen. */
export type FieldOption = { readonly value: Json | undefined; readonly label: string }

/** A field of a connector's form. */
export type FormField = {
  readonly name: string
  readonly title: string
  readonly description: string | null
  readonly control: Control
  readonly required: boolean
  readonly advanced: boolean
  readonly fallback: Json | undefined
  readonly placeholder: string | null
  /** Of a list: what one entry of it is called. */
  readonly noun: string
  /** Whether JSON with templates in it stays JSON, and while what is so. */
  readonly jsonText: FieldUi['jsonText'] | null
  /** Of a path to a file: whether the file must be there already. */
  readonly mustExist: boolean
  readonly unit: FieldUi['unit'] | null
  /** Of `code`: what it is written in. */
  readonly language: FieldUi['language'] | null
  /** Of a credential: the types among which it is chosen; null for all. */
  readonly types: readonly string[] | null
  /** Of a choice that its service lists. */
  readonly list: FieldUi['options'] | null
  readonly showIf: FieldUi['showIf']
  /** Values to choose from (`select`, `choices`). */
  readonly options: readonly FieldOption[]
  /** Whether it may be left without a value, and no default steps in. */
  readonly optional: boolean
  /** The choice that it is one of, with others beside it. */
  readonly choice: FieldUi['choice'] | null
  /** Fields beside it that give way when it is filled in: the others of its choice. */
  readonly clears: readonly string[]
  /** Fields of an object that has no widget of its own (`group`), or of each object of a list (`rows`). */
  readonly fields: readonly FormField[]
}

/** The fields of an object's JSON Schema, in its order; hidden ones are left out. */
export function formFields(schema: JsonObject): readonly FormField[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return []
    const ui = uiOf(property)
    if (ui.widget === 'hidden') return []
    const shape = shapeOf(property)
    const control = controlOf(ui, shape)
    const optional = !required.includes(name) && property.default === undefined && shape.default === undefined
    return [
      {
        name,
        title: textOf(property.title) ?? textOf(shape.title) ?? titleFromName(name),
        description: textOf(property.description) ?? textOf(shape.description),
        control,
        required: required.includes(name) && property.default === undefined,
        optional,
        advanced: ui.advanced === true,
        fallback: property.default ?? shape.default,
        placeholder: ui.placeholder ?? null,
        noun: ui.noun ?? 'entry',
        jsonText: ui.jsonText ?? null,
        mustExist: ui.mustExist === true,
        unit: ui.unit ?? null,
        language: ui.language ?? null,
        types: ui.types ?? null,
        list: ui.options ?? null,
        showIf: ui.showIf,
        choice: ui.choice ?? null,
        clears: othersOfChoice(name, ui, properties),
        options: optionsOf(control, shape, optional, ui.labels ?? {}),
        fields: fieldsInside(control, shape),
      },
    ]
  })
}

/** Whether a field is to be seen beside the present values of the others. */
export function isShown(field: FormField, fields: readonly FormField[], values: JsonObject): boolean {
  const { showIf } = field
  if (!showIf) return true
  const other = values[showIf.field] ?? fields.find((one) => one.name === showIf.field)?.fallback ?? null
  // What a template becomes is only known later, and then it may be any of them.
  if (typeof other === 'string' && isDynamicText(other)) return true
  return showIf.in.some((value) => JSON.stringify(value) === JSON.stringify(other))
}

/** Whether a text in a field that is JSON with templates stays JSON, beside the present values of the others. */
export function staysJson({ jsonText }: FormField, values: JsonObject): boolean {
  if (jsonText === null || jsonText === undefined) return false
  return jsonText === true || jsonText.in.some((value) => value === (values[jsonText.field] ?? null))
}

/** A form in order: fields, and choices between fields that stand beside each other. */
export type FormItem =
  | { readonly kind: 'field'; readonly field: FormField }
  | { readonly kind: 'choice'; readonly title: string; readonly members: readonly [FormField, ...FormField[]] }

/** Puts the fields of one choice together, at the place of the first. */
export function formItems(fields: readonly FormField[]): readonly FormItem[] {
  return fields.flatMap((field, index): FormItem[] => {
    const { choice } = field
    if (!choice) return [{ kind: 'field', field }]
    const isOfIt = (other: FormField): boolean => other.choice?.title === choice.title
    if (fields.slice(0, index).some(isOfIt)) return []
    return [{ kind: 'choice', title: choice.title, members: [field, ...fields.slice(index + 1).filter(isOfIt)] }]
  })
}

function othersOfChoice(name: string, { choice }: FieldUi, properties: JsonObject): readonly string[] {
  if (choice === undefined) return []
  const isOther = ([other, property]: [string, Json]): boolean => {
    const own = isJsonObject(property) ? uiOf(property).choice : undefined
    // Those of one label are chosen together.
    return other !== name && own?.title === choice.title && own.label !== choice.label
  }
  return Object.entries(properties)
    .filter(isOther)
    .map(([other]) => other)
}

function controlOf(ui: FieldUi, shape: JsonObject): Control {
  // Text that is JSON in most cases: rows of names and values, too.
  if (ui.widget === 'template-long' && ui.jsonText !== undefined) return 'body'
  if (ui.widget && ui.widget !== 'hidden') return ui.widget
  if (Array.isArray(shape.enum)) return 'select'
  if (shape.type === 'boolean') return 'switch'
  if (shape.type === 'number' || shape.type === 'integer') return 'number'
  if (shape.type === 'string') return 'template'
  if (shape.type === 'array' && isJsonObject(shape.items) && Array.isArray(shape.items.enum)) return 'choices'
  if (shape.type === 'object' && isJsonObject(shape.properties)) return 'group'
  const inside = isJsonObject(shape.items) ? shapeOf(shape.items) : null
  if (shape.type === 'array' && inside !== null) {
    if (isJsonObject(inside.properties)) return 'rows'
    if (inside.type === 'string') return 'templates'
  }
  const members = isJsonObject(shape.additionalProperties) ? shapeOf(shape.additionalProperties) : null
  if (shape.type === 'object' && members !== null) {
    if (isJsonObject(members.properties)) return 'named-rows'
    if (['string', 'number', 'integer', 'boolean'].some((type) => type === members.type)) return 'key-value'
  }
  return 'json'
}

/** The fields of an object, of each object of a list, or of each that has a name. */
function fieldsInside(control: Control, shape: JsonObject): readonly FormField[] {
  if (control === 'group') return formFields(shape)
  const inside = control === 'rows' ? shape.items : control === 'named-rows' ? shape.additionalProperties : undefined
  return inside !== undefined && isJsonObject(inside) ? formFields(shapeOf(inside)) : []
}

function optionsOf(
  control: Control,
  shape: JsonObject,
  optional: boolean,
  labels: Readonly<Record<string, string>>,
): readonly FieldOption[] {
  const named = (values: readonly Json[]): readonly FieldOption[] =>
    values.map((value) => ({ value, label: labels[String(value)] ?? String(value) }))
  if (control === 'select' && Array.isArray(shape.enum)) {
    return [...(optional ? [{ value: undefined, label: labels[''] ?? 'No choice' }] : []), ...named(shape.enum)]
  }
  if (control === 'choices' && isJsonObject(shape.items) && Array.isArray(shape.items.enum)) {
    return named(shape.items.enum)
  }
  return []
}

// zod writes "a number or a template" as anyOf: the first member that is not plain text says what the field is about.
function shapeOf(property: JsonObject): JsonObject {
  const members = property.anyOf ?? property.oneOf
  if (property.type !== undefined || property.enum !== undefined || !Array.isArray(members)) return property
  const objects = members.filter((member: Json) => isJsonObject(member)).map((member) => constAsEnum(member))
  const choices = objects.flatMap((member) => (Array.isArray(member.enum) ? [...member.enum] : []))
  if (choices.length > 0 && objects.every((member) => Array.isArray(member.enum))) return { enum: choices }
  const variants = objects.filter((member) => isJsonObject(member.properties))
  if (variants.length > 1) return oneOf(variants)
  return objects.find((member) => member.type !== 'string' && member.type !== 'null') ?? objects[0] ?? property
}

/**
 * One object of several that differ: which it is, is a choice, by the field that has a value of its own in each, and the other fields are
 * shown for those that have them.
 */
function oneOf(variants: readonly JsonObject[]): JsonObject {
  const propertiesOf = (variant: JsonObject): JsonObject => (isJsonObject(variant.properties) ? variant.properties : {})
  const valueIn = (variant: JsonObject, name: string): Json | undefined => {
    const property = propertiesOf(variant)[name]
    return property !== undefined && isJsonObject(property) ? property.const : undefined
  }
  const names = [...new Set(variants.flatMap((variant) => Object.keys(propertiesOf(variant))))]
  const kind = names.find((name) => variants.every((variant) => valueIn(variant, name) !== undefined))
  const properties = names.map((name): [string, Json] => {
    const having = variants.filter((variant) => Object.hasOwn(propertiesOf(variant), name))
    const property = having[0] && propertiesOf(having[0])[name]
    if (property === undefined || !isJsonObject(property)) return [name, {}]
    const { const: _own, ...rest } = property
    if (name === kind) return [name, { ...rest, enum: variants.flatMap((variant) => valueIn(variant, name) ?? []) }]
    if (kind === undefined || having.length === variants.length) return [name, property]
    const showIf = { field: kind, in: having.flatMap((variant) => valueIn(variant, kind) ?? []) }
    return [name, { ...property, ui: { ...(isJsonObject(property.ui) ? property.ui : {}), showIf } }]
  })
  const required = names.filter((name) =>
    variants.every(({ required: own }) => Array.isArray(own) && own.some((one: Json) => one === name)),
  )
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

function constAsEnum(member: JsonObject): JsonObject {
  return member.const === undefined ? member : { ...member, enum: [member.const] }
}

function uiOf(property: JsonObject): FieldUi {
  const parsed = fieldUiSchema.safeParse(property.ui ?? {})
  return parsed.success ? parsed.data : {}
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function titleFromName(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
