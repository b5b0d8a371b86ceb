import { z } from 'zod'

/** Something that the owner of a Hookline may choose. Its place in {@link SETTINGS} is its key, such as `webhooks.keepDays`. */
export type Setting<Schema extends z.ZodType = z.ZodType> = {
  readonly title: string
  readonly help: string
  /** Messages end a sentence that begins with the title. */
  readonly schema: Schema
  /** What a Hookline has that was told nothing. */
  readonly initial: z.output<Schema>
}

const setting = <Schema extends z.ZodType>(entry: Setting<Schema>): Setting<Schema> => entry

/** A name that this computer is called by, without scheme and port. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/i

/** The least limit of all data, in gigabytes. */
const LEAST_GB = 0.01

/** The port that webhooks come in on where nothing else is said, so that a sender's address stays right. */
export const DESKTOP_HOOK_PORT = 4781

/** Days for which runs may be kept at most: a hundred years. */
const MAX_DAYS = 36_500

/**
 * Every setting, by section. Storage, contract, command line and the settings screen are made of this: a new setting is one entry, and
 * `Settings.of` where it is put to use. A section is stored under its name; what a stored section lacks is initial.
 */
export const SETTINGS = {
  webhooks: {
    keepDays: setting({
      title: 'Days that the inbox keeps requests',
      help: 'Events and runs stay. 0 keeps requests for ever.',
      schema: z.int().min(0).max(3_650),
      initial: 30,
    }),
    perAddress: setting({
      title: 'Requests a minute from one address',
      help: 'More are answered 429. 0 lets in as many as come.',
      schema: z.int().min(0).max(1_000_000),
      initial: 3_000,
    }),
    maxDataGb: setting({
      title: 'Gigabytes that all data may take',
      help: 'Beyond them senders are answered 507; runs go on. 0 takes what the disk has; else 0.01 at least.',
      schema: z
        .number()
        .min(0)
        .max(100_000)
        // Less than what an empty database takes would refuse everything from the start.
        .refine((gigabytes) => gigabytes === 0 || gigabytes >= LEAST_GB, {
          error: `must be 0, which sets no limit, or a number from ${LEAST_GB} to 100,000`,
        }),
      initial: 20,
    }),
    connectionsPerAddress: setting({
      title: 'Connections of one address',
      help: 'At a time. Programs of this computer count while a tunnel is open. 0 lets in as many as come.',
      schema: z.int().min(0).max(10_000),
      initial: 200,
    }),
    hosts: setting({
      title: 'Other names of this computer',
      help: 'Requests by a name that is neither this computer’s nor its tunnel’s are answered 421. A proxy with a name of its own goes here.',
      schema: z
        .array(z.string().regex(HOST_NAME, { error: 'must be the name of a computer, such as hooks.example.com' }))
        .max(50),
      initial: [],
    }),
  },
  incidents: {
    stuckAfterMinutes: setting({
      title: 'Minutes until something waits too long',
      help: 'For runs that are due and do not begin, and for those that keep failing and are tried again.',
      schema: z.int().min(1).max(10_080),
      initial: 15,
    }),
  },
  notifications: {
    incidents: setting({
      title: 'Tell of incidents on the desktop',
      help: 'And in open screens. They stand in the status bar and on the Outbox page either way.',
      schema: z.boolean(),
      initial: true,
    }),
  },
  desktop: {
    hookPort: setting({
      title: 'Port for webhooks',
      help: 'From the next start on. Senders on this computer call it; 0 takes a free one each time.',
      schema: z.int().min(0).max(65_535),
      initial: DESKTOP_HOOK_PORT,
    }),
    quickRunKeys: setting({
      title: 'Keys for the quick-run window',
      help: 'Anywhere on this computer, such as CommandOrControl+Alt+Space. Nothing for none.',
      schema: z
        .string()
        .trim()
        .regex(/^(?:[A-Za-z]{2,16}\+){1,4}[A-Za-z0-9]{1,16}$/, {
          error: 'must be keys such as CommandOrControl+Alt+Space',
        })
        .nullable(),
      initial: 'CommandOrControl+Alt+Space',
    }),
    launchAtLogin: setting({
      title: 'Start when you log in',
      help: 'Without a window, in the tray.',
      schema: z.boolean(),
      initial: false,
    }),
    closeToTray: setting({
      title: 'Go on in the tray when the window is closed',
      help: 'Off: to close the window is to quit, and nothing runs until Hookline is started again.',
      schema: z.boolean(),
      initial: true,
    }),
    keepAwake: setting({
      title: 'Keep this computer awake while runs are under way',
      help: 'The screen may still go dark.',
      schema: z.boolean(),
      initial: false,
    }),
    updates: setting({
      title: 'Updates',
      help: 'Stable ones, or those that are tried out before; they are put in place when no run is under way. Off asks no server.',
      schema: z.enum(['stable', 'beta', 'off']),
      initial: 'stable',
    }),
  },
  history: {
    keepSucceededDays: setting({
      title: 'Days to keep runs that succeeded',
      help: 'Or were filtered out or cancelled. 0 keeps them for ever.',
      schema: z.int().min(0).max(MAX_DAYS),
      initial: 90,
    }),
    keepFailedDays: setting({
      title: 'Days to keep runs that failed',
      help: 'Or were replayed. A run whose dead letter waits for you stays. 0 keeps them for ever.',
      schema: z.int().min(0).max(MAX_DAYS),
      initial: 180,
    }),
  },
  backups: {
    enabled: setting({
      title: 'Make a backup every day',
      help: 'A checked copy of the database and its large values.',
      schema: z.boolean(),
      initial: true,
    }),
    folder: setting({
      title: 'Folder of the backups',
      help: 'An absolute path; nothing for the folder "backups" in the data folder.',
      schema: z.string().trim().min(1).nullable(),
      initial: null,
    }),
    keep: setting({
      title: 'Backups that stay',
      help: 'The newest ones.',
      schema: z.int().min(1).max(1_000),
      initial: 7,
    }),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Setting>>>>

export type SettingsSection = keyof typeof SETTINGS
export const SETTINGS_SECTIONS = Object.keys(SETTINGS) as readonly SettingsSection[] // its keys are exactly these

/** What the sections are called, and what they are about. */
export const SECTION_WORDS: Readonly<
  Record<SettingsSection, { readonly title: string; readonly description: string }>
> = {
  webhooks: { title: 'Webhooks', description: 'For every webhook; each has limits of its own in its step.' },
  incidents: {
    title: 'Incidents',
    description:
      'What needs your eye is shown in the status bar and on the Outbox page, and notified once. It closes by itself.',
  },
  notifications: {
    title: 'Messages on the desktop',
    description: 'What Hookline tells you of by itself; steps that notify do so anyhow.',
  },
  desktop: {
    title: 'Desktop app',
    description: 'How Hookline starts on this computer, and how you reach it.',
  },
  history: {
    title: 'History',
    description:
      'Runs with all that they did. What is not finished always stays, with what it needs, and so does the newest success of each zap.',
  },
  backups: { title: 'Backups', description: 'Checked copies of the database and its large values.' },
}

type Entries<Section extends SettingsSection> = (typeof SETTINGS)[Section]
type Shape<Section extends SettingsSection> = {
  [Name in keyof Entries<Section>]: Entries<Section>[Name] extends Setting<infer Schema> ? Schema : never
}

/** The values of a section. */
export type SettingsOf<Section extends SettingsSection> = {
  [Name in keyof Shape<Section>]: z.output<Shape<Section>[Name]>
}

/** All values of a section at once; none may be missing. */
export function sectionSchema<Section extends SettingsSection>(section: Section): z.ZodObject<Shape<Section>> {
  const shape = Object.entries(SETTINGS[section]).map(([name, { schema }]) => [name, schema])
  // Of the very entries that the type is made of.
  return z.object(Object.fromEntries(shape)) as unknown as z.ZodObject<Shape<Section>>
}

/** As {@link sectionSchema}; what is missing is initial. */
export function fillableSchema<Section extends SettingsSection>(
  section: Section,
): z.ZodType<SettingsOf<Section>, Partial<SettingsOf<Section>>> {
  const shape = Object.entries(SETTINGS[section]).map(([name, { schema, initial }]: [string, Setting]) => [
    name,
    schema.default(initial),
  ])
  // As above.
  return z.object(Object.fromEntries(shape)) as unknown as z.ZodType<SettingsOf<Section>, Partial<SettingsOf<Section>>>
}

/** What a section has that was told nothing. */
export function initialSettings<Section extends SettingsSection>(section: Section): SettingsOf<Section> {
  const values = Object.entries(SETTINGS[section]).map(([name, { initial }]) => [name, initial])
  // Of the very entries that the type is made of.
  return Object.fromEntries(values) as SettingsOf<Section>
}

/** The values of a section as they are stored; `fallback` for what is missing or makes no sense any more. */
export function readStoredSection<Section extends SettingsSection>(
  section: Section,
  stored: unknown,
  fallback: SettingsOf<Section> = initialSettings(section),
): SettingsOf<Section> {
  const given = z.record(z.string(), z.unknown()).safeParse(stored).data ?? {}
  const values = Object.entries(SETTINGS[section]).flatMap(([name, { schema }]: [string, Setting]) => {
    const parsed = schema.safeParse(given[name])
    return parsed.success ? [[name, parsed.data]] : []
  })
  return { ...fallback, ...Object.fromEntries(values) }
}

/** The section and name of a key such as `webhooks.keepDays`; undefined when there is no such setting. */
export function findSetting(key: string): { section: SettingsSection; name: string; setting: Setting } | undefined {
  const [word = '', name = '', ...rest] = key.split('.')
  const section = SETTINGS_SECTIONS.find((known) => known === word)
  if (section === undefined || rest.length > 0) return undefined
  const entries: Readonly<Record<string, Setting>> = SETTINGS[section]
  const setting = Object.hasOwn(entries, name) ? entries[name] : undefined
  return setting === undefined ? undefined : { section, name, setting }
}
