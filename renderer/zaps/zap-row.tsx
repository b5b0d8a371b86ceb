import { Copy, Download, ListChecks, MoreHorizontal, SquarePen, Trash2 } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { ZapSummary } from '../../core/contract/values.ts'
import { runsAddress } from '../runs/list/run-address.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { TABLE_ROW } from '../ui/lists/table.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { SuccessBar } from './success-bar.tsx'
import { TriggerSummary } from './trigger-summary.tsx'
import { duplicateZap, exportZap, type Refusal, removeZap, switchZap } from './zap-actions.ts'
import { ZapIcons } from './zap-icons.tsx'

/** One zap of the table. A click anywhere beside its controls opens it; the name is the link for keyboards. */
export function ZapRow({ zap, onRefused }: { zap: ZapSummary; onRefused: (refusal: Refusal) => void }) {
  const [, navigate] = useLocation()
  const change = async (enabled: boolean) => {
    const refusal = await switchZap(zap, enabled)
    if (refusal !== null) onRefused(refusal)
  }
  return (
    <tr className={classNames(TABLE_ROW, 'h-15')}>
      <td>
        <Switch
          checked={zap.status === 'enabled'}
          onChange={(enabled) => (zap.review === 'pending' ? navigate(`/zaps/${zap.id}/review`) : void change(enabled))}
          label={`${zap.name}: on`}
        />
      </td>
      <td>
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/zaps/${zap.id}`}
            data-row-link
            className="min-w-0 truncate rounded-sm font-medium text-ink hover:underline"
          >
            {zap.name}
          </Link>
          {zap.review === 'pending' && (
            <Link
              href={`/zaps/${zap.id}/review`}
              className="shrink-0 rounded-full bg-waiting-soft px-2 text-xs leading-5 font-medium whitespace-nowrap text-waiting hover:underline"
            >
              Review it first
            </Link>
          )}
          {zap.status === 'draft' ? <Tag>Draft</Tag> : zap.draftDiffers && <Tag>Unpublished changes</Tag>}
        </div>
        <div className="mt-0.5">
          <ZapIcons uses={zap.uses} size={18} />
        </div>
      </td>
      <td>
        <TriggerSummary summary={zap.triggerSummary} />
      </td>
      <td>
        {zap.lastRun === null ? (
          <span className="text-sm text-ink-faint">Never ran</span>
        ) : (
          <div className="flex flex-col items-start">
            <Link href={`/runs/${zap.lastRun.id}`} className="rounded-sm hover:underline">
              <StatusBadge status={zap.lastRun.shownAs} plain />
            </Link>
            <span className="text-sm text-ink-faint">
              <RelativeTime iso={zap.lastRun.startedAt} />
            </span>
          </div>
        )}
      </td>
      <td>
        {zap.lastRun !== null && <SuccessBar counts={zap.last24h} />}
        {zap.skippedEvents > 0 && (
          <p
            className="truncate text-xs text-ink-faint tabular-nums"
            title="Events so far that made no run of their own, as another run was not finished"
          >
            {zap.skippedEvents.toLocaleString()} skipped
          </p>
        )}
      </td>
      <td className="text-right">
        <Menu
          trigger={<IconButton icon={MoreHorizontal} label={`Actions for ${zap.name}`} />}
          items={[
            { label: 'Open', icon: SquarePen, onSelect: () => navigate(`/zaps/${zap.id}`) },
            { label: 'Show its runs', icon: ListChecks, onSelect: () => navigate(runsAddress({ zapId: zap.id })) },
            { label: 'Duplicate', icon: Copy, onSelect: () => void duplicateZap(zap) },
            { label: 'Export', icon: Download, onSelect: () => void exportZap(zap) },
            'separator',
            { label: 'Delete', icon: Trash2, tone: 'danger', onSelect: () => void removeZap(zap) },
          ]}
        />
      </td>
    </tr>
  )
}

function Tag({ children }: { children: string }) {
  return (
    <span className="shrink-0 rounded-full border border-line-strong px-1.5 text-xs leading-4 whitespace-nowrap text-ink-faint">
      {children}
    </span>
  )
}
