import { upTo } from '../work.ts'

const COLUMNS = 20
const ROWS = 50

/** A zap of 1,000 steps as another program would write it, without positions: 20 flows below one webhook, each 50 steps long. */
export function largeZap(): unknown {
  const places = upTo(COLUMNS)
    .flatMap((column) => upTo(ROWS).map((row) => ({ column, row })))
    .slice(0, 999)
  const id = (column: number, row: number): string => (row < 0 ? FIRST_STEP : `step-${column}-${row}`)
  return {
    format: 'hookline/zap@1',
    name: 'A thousand steps',
    steps: [
      { id: FIRST_STEP, uses: 'webhook.catch', input: { path: 'thousand' } },
      ...places.map(({ column, row }) => ({
        id: id(column, row),
        uses: 'http.request',
        name: `Call number ${row + 1} of ${column + 1}`,
        input: { method: 'POST', url: 'http://127.0.0.1:1/orders', body: '{{ hook.body }}' },
      })),
    ],
    edges: places.map(({ column, row }) => ({ from: id(column, row - 1), to: id(column, row) })),
  }
}

/** The step that is seen first. */
export const FIRST_STEP = 'hook'
