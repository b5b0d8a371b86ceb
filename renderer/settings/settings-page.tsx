import { type ReactNode, useState } from 'react'
import {
  SECTION_WORDS,
  SETTINGS,
  SETTINGS_SECTIONS,
  type Setting,
  type SettingsSection,
} from '../../core/domain/settings/settings.ts'
import { KeptValues } from '../memory/kept-values.tsx'
import { useInfo } from '../queries/status.ts'
import { TunnelSection } from '../tunnel/tunnel-section.tsx'
import { Input } from '../ui/controls/input.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { Page } from '../ui/page/page.tsx'
import { Section } from '../ui/page/section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { DesktopSection } from './desktop-section.tsx'
import { FoldersSection } from './folders-section.tsx'
import { HistorySection } from './history-section.tsx'
import { OwnConnectorsSection } from './own-connectors-section.tsx'
import { PauseSection } from './pause-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { SettingsForm } from './settings-form.tsx'
import { ShortcutsSection } from './shortcuts-section.tsx'
import { SystemSection } from './system-section.tsx'

/** A part of the page, and the words by which it is found beside those that it shows. */
type Panel = { readonly id: string; readonly words: string; readonly content: ReactNode }

/** Sections of settings that have more in them than their form. */
const OWN: { readonly [Section in SettingsSection]?: ReactNode } = {
  history: <HistorySection />,
  backups: <BackupSection />,
  desktop: <DesktopSection />,
}

function panelOf(section: SettingsSection): Panel {
  const { title, description } = SECTION_WORDS[section]
  const entries: Readonly<Record<string, Setting>> = SETTINGS[section]
  const words = Object.values(entries).map((setting) => `${setting.title} ${setting.help}`)
  return {
    id: section,
    words: [title, description, ...words].join(' '),
    content: OWN[section] ?? (
      <Section title={title} description={description}>
        <SettingsForm section={section} />
      </Section>
    ),
  }
}

const PANELS: readonly Panel[] = [
  { id: 'appearance', words: 'Appearance theme light dark motion text size contrast', content: <AppearanceSection /> },
  { id: 'pause', words: 'Pause intake runs stop', content: <PauseSection /> },
  {
    id: 'tunnel',
    words: 'Tunnel internet public address ngrok cloudflared localtunnel ssh',
    content: <TunnelSection />,
  },
  ...SETTINGS_SECTIONS.filter((section) => section === 'webhooks').map(panelOf),
  { id: 'folders', words: 'Folders for steps files allowed', content: <FoldersSection /> },
  ...SETTINGS_SECTIONS.filter((section) => section !== 'webhooks').map(panelOf),
  {
    id: 'memory',
    words: 'Values that all zaps share memory store variables kept counters forget clear',
    content: (
      <Section
        title="Values that all zaps share"
        description="What steps keep by name for all zaps. What they keep for one zap stands beside its canvas."
      >
        <KeptValues zapId={null} />
      </Section>
    ),
  },
  {
    id: 'own-connectors',
    words: 'Connectors of your own code javascript sdk custom steps plugin',
    content: <OwnConnectorsSection />,
  },
  { id: 'sessions', words: 'Browsers sessions sign in', content: <SessionsSection /> },
  { id: 'shortcuts', words: 'Keyboard shortcuts keys', content: <ShortcutsSection /> },
  { id: 'system', words: 'System version data folder secrets time zone', content: <SystemSection /> },
]

/** The panels in which every word of a search is found. */
function panelsWith(search: string): readonly Panel[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return PANELS.filter((panel) => words.every((word) => panel.words.toLowerCase().includes(word)))
}

export function SettingsPage() {
  const [search, setSearch] = useState('')
  const isDesktop = useInfo()?.host === 'desktop'
  const panels = panelsWith(search).filter(({ id }) => isDesktop || id !== 'desktop')
  return (
    <Page
      title="Settings"
      isNarrow
      actions={
        <Input
          type="search"
          aria-label="Search the settings"
          placeholder="Search the settings"
          className="w-56"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      }
    >
      <div className="flex flex-col gap-4">
        {panels.map(({ id, content }) => (
          <div key={id}>{content}</div>
        ))}
        {panels.length === 0 && (
          <EmptyState title="No setting has these words">Search for another word, or empty the search.</EmptyState>
        )}
      </div>
    </Page>
  )
}
