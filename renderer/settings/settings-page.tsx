import { TunnelSection } from '../tunnel/tunnel-section.tsx'
import { Page } from '../ui/page/page.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { FoldersSection } from './folders-section.tsx'
import { HistorySection } from './history-section.tsx'
import { IncidentsSection } from './incidents-section.tsx'
import { PauseSection } from './pause-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { ShortcutsSection } from './shortcuts-section.tsx'
import { SystemSection } from './system-section.tsx'
import { WebhooksSection } from './webhooks-section.tsx'

export function SettingsPage() {
  return (
    <Page title="Settings" isNarrow>
      <div className="flex flex-col gap-4">
        <AppearanceSection />
        <PauseSection />
        <TunnelSection />
        <WebhooksSection />
        <FoldersSection />
        <IncidentsSection />
        <HistorySection />
        <BackupSection />
        <SessionsSection />
        <ShortcutsSection />
        <SystemSection />
      </div>
    </Page>
  )
}
