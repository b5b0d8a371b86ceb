import type { ZapSummary } from '../../core/contract/values.ts'
import { type Column, Table } from '../ui/lists/table.tsx'
import type { Refusal } from './zap-actions.ts'
import { ZapRow } from './zap-row.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'On', width: '64px' },
  { title: 'Name' },
  { title: 'Starts with', width: '27%' },
  { title: 'Last run', width: '136px' },
  { title: 'Last 24 h', width: '136px' },
  { title: 'Actions', width: '60px', isTitleHidden: true },
]

export function ZapTable({ zaps, onRefused }: { zaps: readonly ZapSummary[]; onRefused: (refusal: Refusal) => void }) {
  return (
    <Table label="Zaps" columns={COLUMNS}>
      {zaps.map((zap) => (
        <ZapRow key={zap.id} zap={zap} onRefused={onRefused} />
      ))}
    </Table>
  )
}
