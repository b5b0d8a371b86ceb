import { useQuery } from '@tanstack/react-query'
import {
  Blocks,
  Contrast as ContrastIcon,
  Inbox,
  Info,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Monitor,
  Moon,
  ScrollText,
  Send,
  Server,
  Settings,
  Sun,
  Table2,
  UserRoundCheck,
  Workflow,
  Zap,
} from 'lucide-react'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { RunSummary } from '../../core/contract/values.ts'
import { type PaletteEntry, paletteEntries } from '../commands/palette-store.ts'
import { queries } from '../queries/queries.ts'
import { useZaps } from '../queries/zaps.ts'
import { type Contrast, setContrast, setTheme, type Theme } from '../stores/appearance.ts'
import { statusWord } from '../ui/look/status-badge.tsx'

import { FRAME_COMMAND_LIST } from './commands.ts'
import { useEverywhere } from './use-everywhere.ts'

const SCREENS: readonly (readonly [path: string, title: string, icon: LucideIcon, words: string])[] = [
  ['/zaps', 'Zaps', Zap, 'automations'],
  ['/runs', 'Runs', ListChecks, 'history executions'],
  ['/approvals', 'Approvals', UserRoundCheck, 'decisions questions'],
  ['/tables', 'Tables', Table2, 'rows spreadsheet database csv data'],
  ['/inbox', 'Inbox', Inbox, 'webhooks requests'],
  ['/outbox', 'Outbox', Send, 'queue pending dead letters incidents'],
  ['/credentials', 'Credentials', KeyRound, 'secrets passwords tokens'],
  ['/fleet', 'Fleet', Server, 'hosts computers cluster log kafka nats workers'],
  ['/apis/add', 'Add an API', Blocks, 'openapi swagger description import custom'],
  ['/settings', 'Settings', Settings, 'preferences backup appearance shortcuts'],
  ['/about', 'About Hookline', Info, 'version licences notices'],
  ['/log', 'Log', ScrollText, 'log messages errors diagnostics'],
]
const CONTRAST_ENTRIES: readonly (readonly [Contrast, string, LucideIcon])[] = [
  ['more', 'High contrast', ContrastIcon],
  ['system', 'Contrast of the system', Monitor],
]
const THEME_ENTRIES: readonly (readonly [Theme, string, LucideIcon])[] = [
  ['light', 'Light theme', Sun],
  ['dark', 'Dark theme', Moon],
  ['system', 'Theme of the system', Monitor],
]
/** Newest runs that can be gone to by the name of their zap. */
const NEWEST_RUNS = queries.runs.list.queryOptions({ input: { limit: 50 }, select: ({ runs }) => runs })
const NO_RUNS: readonly RunSummary[] = []

/** What the palette offers on every screen: the screens, the zaps, the newest runs, and what concerns all of Hookline. */
export function useFrameEntries(): readonly PaletteEntry[] {
  const [, navigate] = useLocation()
  const { data: zaps } = useZaps()
  const everywhere = useEverywhere()
  // The palette is useful without them, and the Runs screen says what is wrong.
  const { data: runs = NO_RUNS } = useQuery(NEWEST_RUNS)
  return useMemo(() => {
    const goTo = (path: string) => () => navigate(path)
    const act = (id: string, title: string, icon: LucideIcon, run: () => void, words = ''): PaletteEntry => ({
      id,
      group: 'Commands',
      title,
      icon,
      words,
      run,
    })
    return [
      ...SCREENS.map(([path, title, icon, words]) => ({
        id: path,
        group: 'Go to',
        title,
        icon,
        words,
        run: goTo(path),
      })),
      ...(zaps ?? []).map((zap) => ({
        id: zap.id,
        group: 'Zaps',
        title: zap.name,
        detail: zap.status === 'enabled' ? 'on' : 'off',
        icon: Workflow,
        words: zap.id,
        run: goTo(`/zaps/${zap.id}`),
      })),
      ...paletteEntries(FRAME_COMMAND_LIST, () => everywhere, 'Commands'),
      ...THEME_ENTRIES.map(([theme, title, icon]) =>
        act(`theme ${theme}`, title, icon, () => setTheme(theme), 'appearance'),
      ),
      ...CONTRAST_ENTRIES.map(([contrast, title, icon]) =>
        act(`contrast ${contrast}`, title, icon, () => setContrast(contrast), 'appearance'),
      ),
      ...runs.map((run) => ({
        id: run.id,
        group: 'Newest runs',
        title: run.zapName,
        detail: `${statusWord(run.shownAs)}, ${new Date(run.startedAt).toLocaleTimeString()}`,
        icon: ListChecks,
        words: run.id,
        run: goTo(`/runs/${run.id}`),
      })),
    ]
  }, [navigate, zaps, everywhere, runs])
}
