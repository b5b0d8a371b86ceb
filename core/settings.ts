import { z } from 'zod'
import type { Database } from './db/open.ts'
import { readSetting, writeSetting } from './db/settings.ts'
import { backupFaultText } from './domain/runs/backup-fault.ts'
import {
  findSetting,
  readStoredSection,
  SETTINGS,
  SETTINGS_SECTIONS,
  type Setting,
  type SettingsOf,
  type SettingsSection,
} from './domain/settings/settings.ts'
import { type Json, jsonSchema } from './domain/values/json.ts'
import { issueWords } from './domain/zap/issue-words.ts'
import type { WebhookControl } from './ingress/webhook-control.ts'
import type { Signals } from './signals.ts'
import type { BackupKeeper } from './upkeep/backup-keeper.ts'
import { folderRefusal } from './upkeep/backup-room.ts'
import type { HistoryKeeper } from './upkeep/history-keeper.ts'
import { getIncidentSettings, writeIncidentSettings } from './upkeep/incidents.ts'
import type { Sweeper } from './upkeep/sweeper.ts'

/** Keeps the values of a section and puts them to work. */
export type SectionKeeper<Section extends SettingsSection> = {
  values(): SettingsOf<Section> | Promise<SettingsOf<Section>>
  /** Rejects with a {@link SettingRefusal} when they cannot be put to work. */
  change(values: SettingsOf<Section>): Promise<unknown>
}

/** A setting with its value, and what may be chosen in its place. */
export type SettingView = {
  readonly key: string
  readonly section: SettingsSection
  readonly title: string
  readonly help: string
  /** JSON Schema of the value. */
  readonly schema: Record<string, Json>
  readonly value: Json
  readonly initial: Json
}

/** Why a setting was not changed, as a sentence for the person who wanted it. */
export class SettingRefusal extends Error {
  override readonly name = 'SettingRefusal'
}

export type Settings = {
  list(): Promise<SettingView[]>
  /** Changes one setting. Rejects with a {@link SettingRefusal} for a key or a value that there is not. */
  set(key: string, value: Json): Promise<SettingView>
  /** The values of a section. */
  of<Section extends SettingsSection>(section: Section): Promise<SettingsOf<Section>>
  /** Changes a section as a whole. Rejects with a {@link SettingRefusal} when it cannot be put to work. */
  change<Section extends SettingsSection>(section: Section, values: SettingsOf<Section>): Promise<void>
}

/** What keeps each section. A host without a desktop has none of its settings. */
type Keepers = {
  readonly [Section in SettingsSection]: SectionKeeper<Section> | (Section extends 'desktop' ? undefined : never)
}

/** All settings, by what keeps each section of them. A change is told by `settings:changed`. */
export function createSettings(keepers: Keepers, signals: Signals): Settings {
  function keeperOf<Section extends SettingsSection>(section: Section): SectionKeeper<Section> {
    const keeper: SectionKeeper<Section> | undefined = keepers[section]
    if (keeper !== undefined) return keeper
    throw new SettingRefusal(`This host has no settings "${section}": it runs without the desktop app.`)
  }

  async function viewOf(section: SettingsSection, name: string, setting: Setting): Promise<SettingView> {
    const { title, help, schema, initial } = setting
    const values: Readonly<Record<string, unknown>> = await keeperOf(section).values()
    return {
      key: `${section}.${name}`,
      section,
      title,
      help,
      schema: schemaOf(schema),
      value: jsonSchema.parse(values[name]),
      initial: jsonSchema.parse(initial),
    }
  }

  async function change<Section extends SettingsSection>(section: Section, values: SettingsOf<Section>): Promise<void> {
    const before: Readonly<Record<string, unknown>> = { ...(await keeperOf(section).values()) }
    await keeperOf(section).change(values)
    const changed = Object.entries(values).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    )
    if (changed.length > 0)
      signals.emit(
        'settings:changed',
        changed.map(([name]) => `${section}.${name}`),
      )
  }

  return {
    list: () =>
      Promise.all(
        SETTINGS_SECTIONS.filter((section) => keepers[section] !== undefined).flatMap((section) =>
          Object.entries(SETTINGS[section]).map(([name, setting]) => viewOf(section, name, setting)),
        ),
      ),
    async set(key, value) {
      const found = findSetting(key)
      if (found === undefined) throw new SettingRefusal(`There is no setting "${key}": see "hookline settings list".`)
      const { section, name, setting } = found
      const parsed = setting.schema.safeParse(value, { error: issueWords })
      if (!parsed.success) throw new SettingRefusal(refusalOf(key, setting, parsed.error))
      await change(section, readStoredSection(section, { ...(await keeperOf(section).values()), [name]: parsed.data }))
      return viewOf(section, name, setting)
    },
    of: async (section) => keeperOf(section).values(),
    change,
  }
}

/** The settings of a Hookline: each section is kept by what goes by it. */
export function hooklineSettings(parts: {
  readonly dataDir: string
  readonly database: Database
  readonly signals: Signals
  readonly webhooks: WebhookControl
  readonly sweeper: Sweeper
  readonly history: HistoryKeeper
  readonly backups: BackupKeeper
  readonly notifications: SectionKeeper<'notifications'>
  readonly desktop: SectionKeeper<'desktop'> | undefined
}): Settings {
  const { dataDir, database, signals, webhooks, sweeper, history, backups } = parts
  return createSettings(
    {
      webhooks: { values: webhooks.settings, change: webhooks.change },
      incidents: {
        values: () => database.write(getIncidentSettings),
        async change(values) {
          await database.write((tx) => writeIncidentSettings(tx, values))
          await sweeper.runOnce()
        },
      },
      notifications: parts.notifications,
      desktop: parts.desktop && {
        values: parts.desktop.values,
        change: (values) => refusing(parts.desktop?.change(values)),
      },
      history: { values: history.settings, change: history.change },
      backups: {
        values: backups.settings,
        async change(values) {
          const { folder } = values
          const isNew = folder !== null && folder !== backups.settings().folder
          const refusal = isNew ? await folderRefusal(dataDir, folder) : null
          if (refusal !== null) throw new SettingRefusal(backupFaultText(refusal))
          await backups.configure(values)
        },
      },
    },
    signals,
  )
}

/** What the system does not let the app do is refused in the app's own words. */
async function refusing(change: Promise<unknown> | undefined): Promise<void> {
  try {
    await change
  } catch (error) {
    throw new SettingRefusal(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** A section that needs nothing but to be stored; what goes by it asks for the values each time. */
export async function storedSection<Section extends SettingsSection>(
  database: Database,
  section: Section,
): Promise<{ values(): SettingsOf<Section>; change(values: SettingsOf<Section>): Promise<void> }> {
  let values = readStoredSection(section, await readSetting(database.reader, section, z.unknown()))
  return {
    values: () => values,
    async change(next) {
      await database.write((tx) => writeSetting(tx, section, next))
      values = next
    },
  }
}

const objectSchema = z.record(z.string(), jsonSchema)

function schemaOf(schema: z.ZodType): Record<string, Json> {
  return objectSchema.parse(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))))
}

/** Why a value does not fit a setting, which it names; for a number with its bounds. */
function refusalOf(key: string, { title, schema }: Setting, error: z.ZodError): string {
  const [issue] = error.issues
  const isCustom = issue?.code === 'custom'
  const words = (isCustom ? undefined : boundsOf(schema)) ?? (issue?.message ?? 'does not fit').replace(/\.$/, '')
  return `"${title}" (${key}) ${words}.`
}

function boundsOf(schema: z.ZodType): string | undefined {
  const { type, minimum, maximum } = schemaOf(schema)
  if (type !== 'integer' && type !== 'number') return undefined
  const [from, to] = [minimum, maximum].map((bound) => Number(bound).toLocaleString('en'))
  return `must be a ${type === 'integer' ? 'whole number' : 'number'} from ${from} to ${to}`
}
