import { type ComponentType, Suspense, useEffect, useRef } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useConnection } from './api/connection.ts'
import { useHashLocation } from './commands/hash-location.ts'
import { usePalette } from './commands/palette-store.ts'
import { useShortcutSheet } from './commands/shortcut-sheet-store.ts'
import { RiskyFolderDialog } from './files/risky-folder-dialog.tsx'
import { ConnectionScreen, useIsCutOff } from './frame/connection-screen.tsx'
import { CrashGuard } from './frame/crash-guard.tsx'
import { lazyScreen, preloadWhenIdle } from './frame/lazy-screen.tsx'
import { NotFoundPage } from './frame/not-found-page.tsx'
import { Rail } from './frame/rail.tsx'
import { SafeModeBar } from './frame/safe-mode-bar.tsx'
import { StartScreen, useUnready } from './frame/start-screen.tsx'
import { StatusBar } from './frame/status-bar.tsx'
import { useFrameKeys } from './frame/use-frame-keys.ts'
import { askForZap } from './queries/drafts.ts'
import { TunnelMovedBar } from './tunnel/tunnel-moved-bar.tsx'
import { Opening } from './ui/page/spinner.tsx'
import './frame/notices.ts'
import { Toaster } from './ui/layers/toast.tsx'
import { TooltipProvider } from './ui/layers/tooltip.tsx'
import { ZapsPage } from './zaps/zaps-page.tsx'

// Only the list of zaps is there from the start; what is asked for next comes as soon as the browser has time for it.
const EditorPage = lazyScreen(
  async () => (await import('./editor/editor-page.tsx')).EditorPage,
  ({ zapId }) => askForZap(zapId),
)
const RunsPage = lazyScreen(async () => (await import('./runs/list/runs-page.tsx')).RunsPage)
const RunPage = lazyScreen(async () => (await import('./runs/one/run-page.tsx')).RunPage)
const InboxPage = lazyScreen(async () => (await import('./inbox/inbox-page.tsx')).InboxPage)
const OutboxPage = lazyScreen(async () => (await import('./outbox/outbox-page.tsx')).OutboxPage)
const ApprovalsPage = lazyScreen(async () => (await import('./approvals/approvals-page.tsx')).ApprovalsPage)
const TablesPage = lazyScreen(async () => (await import('./tables/tables-page.tsx')).TablesPage)
const FleetPage = lazyScreen(async () => (await import('./fleet/fleet-page.tsx')).FleetPage)
const CredentialsPage = lazyScreen(async () => (await import('./credentials/credentials-page.tsx')).CredentialsPage)
const AddApiPage = lazyScreen(async () => (await import('./apis/add-api-page.tsx')).AddApiPage)
const ImportReviewPage = lazyScreen(async () => (await import('./permissions/review-page.tsx')).ImportReviewPage)
const StoredReviewPage = lazyScreen(async () => (await import('./permissions/review-page.tsx')).StoredReviewPage)
const SettingsPage = lazyScreen(async () => (await import('./settings/settings-page.tsx')).SettingsPage)
const AboutPage = lazyScreen(async () => (await import('./shell/about-page.tsx')).AboutPage)
const LogPage = lazyScreen(async () => (await import('./shell/log-page.tsx')).LogPage)
const OpenedFromOutside = lazyScreen(async () => (await import('./shell/opened-from-outside.tsx')).OpenedFromOutside)
const CommandPalette = lazyScreen(async () => (await import('./frame/command-palette.tsx')).CommandPalette)
const ShortcutSheet = lazyScreen(async () => (await import('./frame/shortcut-sheet.tsx')).ShortcutSheet)
const LATER = [
  EditorPage,
  RunsPage,
  RunPage,
  CommandPalette,
  ShortcutSheet,
  InboxPage,
  OutboxPage,
  ApprovalsPage,
  TablesPage,
  CredentialsPage,
  SettingsPage,
]

/** The frame around every screen: the rail, the screen itself, and the status bar. */
export function App() {
  const unready = useUnready()
  const cutOff = useIsCutOff() || unready !== null
  const isConnected = useConnection((state) => state.state === 'open')
  useFrameKeys()
  useEffect(() => {
    if (isConnected) preloadWhenIdle(LATER)
  }, [isConnected])
  return (
    <TooltipProvider>
      <Router hook={useHashLocation}>
        {/* Kept while the host is away, so that everything is as it was when it comes back. */}
        {/* Clipped, or else bringing a field into view could move the whole frame. */}
        <div inert={cutOff} className="relative flex h-full flex-col overflow-clip">
          <div className="flex min-h-0 flex-1">
            <Rail />
            <CrashGuard>
              <Suspense fallback={<Opening />}>
                <Screens />
              </Suspense>
            </CrashGuard>
          </div>
          <SafeModeBar />
          <TunnelMovedBar />
          <StatusBar />
        </div>
        <Palette />
        <Shortcuts />
        <RiskyFolderDialog />
        <Toaster />
        {window.hooklineHost === 'desktop' && (
          <Suspense>
            <OpenedFromOutside />
          </Suspense>
        )}
        {unready !== null ? <StartScreen state={unready} /> : cutOff && <ConnectionScreen />}
      </Router>
    </TooltipProvider>
  )
}

function Palette() {
  const isOpen = usePalette((state) => state.scope !== null)
  return <OnceAsked isAsked={isOpen} what={CommandPalette} />
}

function Shortcuts() {
  const { isOpen } = useShortcutSheet()
  return <OnceAsked isAsked={isOpen} what={ShortcutSheet} />
}

/** What lies over the screens: kept once it was asked for, so that it can give the focus back when it closes. */
function OnceAsked({ isAsked, what: What }: { isAsked: boolean; what: ComponentType }) {
  const wasAsked = useRef(false)
  if (isAsked) wasAsked.current = true
  return wasAsked.current ? (
    <Suspense>
      <What />
    </Suspense>
  ) : null
}

function Screens() {
  return (
    <Switch>
      <Route path="/zaps">
        <ZapsPage />
      </Route>
      <Route path="/zaps/review">
        <ImportReviewPage />
      </Route>
      <Route path="/zaps/:id/review">{({ id }) => <StoredReviewPage key={id} zapId={id} />}</Route>
      {/* The key makes another zap another editor: no state of one leaks into the next. */}
      <Route path="/zaps/:id">{({ id }) => <EditorPage key={id} zapId={id} />}</Route>
      <Route path="/runs">
        <RunsPage />
      </Route>
      <Route path="/runs/:id">{({ id }) => <RunPage key={id} runId={id} />}</Route>
      <Route path="/approvals">
        <ApprovalsPage />
      </Route>
      {/* One route, so that the list stays as it is when a request is opened beside it. */}
      <Route path="/inbox/:id?">{({ id }) => <InboxPage requestId={id === undefined ? null : Number(id)} />}</Route>
      <Route path="/outbox">
        <OutboxPage />
      </Route>
      {/* One route, so that the list stays as it is when another table is opened beside it. */}
      <Route path="/tables/:id?">{({ id }) => <TablesPage tableId={id === undefined ? null : Number(id)} />}</Route>
      <Route path="/apis/add">
        <AddApiPage />
      </Route>
      <Route path="/apis/:id/update">{({ id }) => <AddApiPage key={id} replaces={id} />}</Route>
      <Route path="/credentials">
        <CredentialsPage />
      </Route>
      <Route path="/fleet">
        <FleetPage />
      </Route>
      <Route path="/fleet/:host/runs/:id">
        {({ host, id }) => <RunPage key={`${host} ${id}`} runId={id} host={host} />}
      </Route>
      <Route path="/about">
        <AboutPage />
      </Route>
      <Route path="/log">
        <LogPage />
      </Route>
      <Route path="/settings">
        <SettingsPage />
      </Route>
      <Route path="/">
        <Redirect to="/zaps" replace />
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  )
}
