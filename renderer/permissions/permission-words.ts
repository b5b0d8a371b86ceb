import {
  Folder,
  Globe,
  KeyRound,
  type LucideIcon,
  SquareTerminal,
  Table2,
  TriangleAlert,
  Variable,
  Workflow,
} from 'lucide-react'
import type { PermissionItem } from '../../core/contract/values.ts'

/** The groups in which permissions are listed, in order. */
export const PERMISSION_GROUPS: readonly {
  readonly title: string
  readonly icon: LucideIcon
  readonly kinds: readonly PermissionItem['kind'][]
}[] = [
  { title: 'Hosts', icon: Globe, kinds: ['host', 'local'] },
  { title: 'Folders', icon: Folder, kinds: ['file'] },
  { title: 'Programs', icon: SquareTerminal, kinds: ['program'] },
  { title: 'Credentials', icon: KeyRound, kinds: ['credential'] },
  { title: 'Other zaps', icon: Workflow, kinds: ['zap'] },
  { title: 'Tables', icon: Table2, kinds: ['table'] },
  { title: 'Failures of other zaps', icon: TriangleAlert, kinds: ['failures'] },
  { title: 'Variables', icon: Variable, kinds: ['variable'] },
]

/** What is meant, where that is a star alone. */
export function whatWords({ kind, what }: Pick<PermissionItem, 'kind' | 'what'>): string {
  if (what !== '*') return what
  switch (kind) {
    case 'host':
      return 'Any address'
    case 'local':
      return 'This computer and your network'
    case 'file':
      return 'Any file in your folders for steps'
    case 'zap':
      return 'Any zap'
    case 'table':
      return 'Any table'
    case 'failures':
      return 'All zaps'
    case 'variable':
      return 'Any variable'
    default:
      return 'Any'
  }
}

/** Who wants it, and what for. */
export function purposeWords(item: PermissionItem): string {
  const who = item.steps.map(({ name }) => name).join(', ')
  const parts = [who === '' ? 'No step of the draft' : who, accessWords(item)].filter((part) => part !== '')
  return parts.join(' · ')
}

function accessWords({ kind, writes, goesTo }: PermissionItem): string {
  switch (kind) {
    case 'host':
    case 'local':
      return writes ? 'sends' : 'reads'
    case 'file':
      return writes ? 'writes' : 'reads'
    case 'program':
      return 'runs a program as you, with all your rights'
    case 'credential':
      return goesTo.length === 0
        ? ''
        : `goes to ${goesTo.map((host) => (host === '*' ? 'any address' : host)).join(', ')} alone`
    case 'zap':
      return 'runs it'
    case 'table':
      return writes ? 'writes' : 'reads'
    case 'failures':
      return 'hears what went wrong, and with which data'
    case 'variable':
      return 'reads it'
  }
}

/** A word beside what should be looked at twice; null for what is ordinary. */
export function cautionWord({ kind, what, place, caution }: PermissionItem): string | null {
  if (caution === null) return null
  if (kind !== 'local' || what.includes('*')) return 'Look twice'
  return place === 'this-computer' ? 'On this computer' : 'In your network'
}

/** What is off until a person switches it on: what no list of hosts and folders holds in bounds. */
export function isOffAtFirst({ kind, what }: PermissionItem): boolean {
  if (kind === 'program' || kind === 'variable' || kind === 'failures') return true
  return what.includes('*') && (kind === 'local' || kind === 'zap')
}
