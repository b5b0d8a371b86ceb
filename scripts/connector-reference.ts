/** Writes the reference of every trigger and action into docs/connectors.md, between two marks; `connector-reference.test.ts` fails where it is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aiAccount } from '../core/connectors/ai/ai-account.ts'
import type { App } from '../core/connectors/app-parts.ts'
import { apps } from '../core/connectors/apps.ts'
import { builtInConnectors } from '../core/connectors/built-in.ts'
import type { CredentialType } from '../core/connectors/credential.ts'
import { builtInCredentialTypes } from '../core/connectors/credential-types.ts'
import { families } from '../core/connectors/families.ts'
import { familyOf, type Manifest, manifestOf } from '../core/connectors/manifest.ts'
import { isJsonList, isJsonObject, type Json } from '../core/domain/values/json.ts'

export const PAGE = join(import.meta.dirname, '../docs/connectors.md')
const BEGIN = '<!-- reference: npm run reference -->'
const END = '<!-- end of the reference -->'

/** Where each app has a page of its own. */
export const APP_PAGES = join(import.meta.dirname, '../docs/apps')

/** The page of an app: how to sign in, and what it can do. */
function appPage({ id, title, connectors, credentials }: App): string {
  const manifests = connectors.map(manifestOf)
  const triggers = manifests.filter(({ kind }) => kind === 'trigger')
  const actions = manifests.filter(({ kind }) => kind === 'action')
  const list = (all: readonly Manifest[]) => all.map(({ title: name, description }) => `- **${name}.** ${description}`)
  const houseTypes = [...builtInCredentialTypes, aiAccount]
  const own = [...credentials, ...houseTypes.filter((type) => namesType(manifests, type.id))]
  const signIn = own.flatMap((type) => [`### ${type.title}`, '', ...signInOf(type), ''])
  return [
    `# ${title}`,
    '',
    '<!-- Made by "npm run reference". -->',
    '',
    ...(triggers.length === 0 ? [] : ['## Starts a zap', '', ...list(triggers), '']),
    ...(actions.length === 0 ? [] : ['## Does something', '', ...list(actions), '']),
    ...(signIn.length === 0 ? [] : ['## Signing in', '', ...signIn]),
    `## In a zap file`,
    '',
    `The account goes into \`account\`, as \`{ "$credential": "name" }\`; \`hookline credential set NAME --type ${own[0]?.id ?? id} --stdin\` stores one.`,
    '',
    ...tableOf(manifests),
    '',
  ].join('\n')
}

function signInOf({ fields, bare, help }: CredentialType): string[] {
  const steps = (help?.steps ?? []).map(({ title, text, link, showsRedirect }, at) => {
    const where = link === undefined ? '' : ` ([${link.title}](${link.url}))`
    const shown = showsRedirect === true ? ' The form shows it.' : ''
    return `${at + 1}. ${title}${where}.${text === undefined ? '' : ` ${text}`}${shown}`
  })
  const entered =
    bare?.title ??
    fields
      .filter(({ isAdvanced }) => isAdvanced !== true)
      .map(({ title }) => title)
      .join(', ')
  return [...steps, ...(steps.length === 0 ? [] : ['']), `What is entered: ${entered}.`]
}

/** Whether the form of one of them takes accounts of a type. */
function namesType(manifests: readonly Manifest[], type: string): boolean {
  return manifests.some(({ input }) =>
    (JSON.stringify(input).match(/"types":\[[^\]]*\]/g) ?? []).some((types) => types.includes(`"${type}"`)),
  )
}

/** The page with the reference in it as it is to be. */
export async function withReference(page: string): Promise<string> {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`docs/connectors.md has lost its marks: ${BEGIN} and ${END}`)
  const loaded = await Promise.all(families.map((entry) => entry.load()))
  const connectors = [...builtInConnectors, ...loaded.flatMap((family) => family.connectors)]
  return `${page.slice(0, start + BEGIN.length)}\n\n${reference(connectors.map(manifestOf))}\n\n${page.slice(end)}`
}

/** The pages of all apps, by their ids. */
export async function appPages(): Promise<[id: string, page: string][]> {
  return Promise.all(apps.map(async ({ id, load }): Promise<[string, string]> => [id, appPage(await load())]))
}

function reference(manifests: readonly Manifest[]): string {
  const groups = Map.groupBy(manifests, ({ id }) => familyOf(id))
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([family, members]) => [`### \`${family}\``, '', ...tableOf(members)].join('\n'))
    .join('\n\n')
}

function tableOf(members: readonly Manifest[]): string[] {
  return [
    '| id | takes | gives | a repeat |',
    '| --- | --- | --- | --- |',
    ...members.map(({ id, kind, input, sample, effect }) => {
      const repeat = kind === 'trigger' ? 'starts a zap' : effect
      return `| \`${id}\` | ${inputsOf(input)} | ${outputsOf(sample)} | ${repeat} |`
    }),
  ]
}

/** Each field with what stands in for it: `name` is needed, `name?` is not, `name="x"` has a default. */
function inputsOf({ properties, required }: Manifest['input']): string {
  if (properties === undefined || !isJsonObject(properties)) return ''
  const needed: readonly Json[] = required !== undefined && isJsonList(required) ? required : []
  return Object.entries(properties)
    .map(([name, field]) => {
      const fallback = isJsonObject(field) ? field.default : undefined
      if (fallback !== undefined) return code(`${name}=${JSON.stringify(fallback)}`)
      return code(needed.includes(name) ? name : `${name}?`)
    })
    .join(' ')
}

/** The names in the example of what it gives. */
function outputsOf(sample: Json): string {
  return isJsonObject(sample) ? Object.keys(sample).map(code).join(' ') : ''
}

// A bar would end the cell.
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

if (process.argv[1] === import.meta.filename) {
  writeFileSync(PAGE, await withReference(readFileSync(PAGE, 'utf8')))
  mkdirSync(APP_PAGES, { recursive: true })
  for (const [id, page] of await appPages()) writeFileSync(join(APP_PAGES, `${id}.md`), page)
}
