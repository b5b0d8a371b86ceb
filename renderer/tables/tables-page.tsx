import { FileUp, Plus, Table2 } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import type { TableSummary } from '../../core/contract/values.ts'
import { useTables } from '../queries/tables.ts'
import { Button } from '../ui/controls/button.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { useDroppedFiles } from '../zaps/use-dropped-files.ts'
import { ImportDialog, NameDialog } from './dialogs.tsx'
import { createTable } from './table-actions.ts'
import { TableList } from './table-list.tsx'
import { TableScreen } from './table-screen.tsx'

/** Tables that zaps and people share. Without an id the first one is shown. */
export function TablesPage({ tableId }: { tableId: number | null }) {
  const [, navigate] = useLocation()
  const { data: tables, failure } = useTables()
  const [isNaming, setIsNaming] = useState(false)
  const [imported, setImported] = useState<{ file: File; into: TableSummary | null } | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const into = useRef<TableSummary | null>(null)
  useDroppedFiles(
    useCallback((files) => {
      const [file] = files
      if (file !== undefined) setImported({ file, into: null })
    }, []),
  )
  const pick = (table: TableSummary | null): void => {
    into.current = table
    picker.current?.click()
  }
  const open = tables?.find((table) => table.id === tableId)
  const [first] = tables ?? []
  return (
    <>
      {tables === null ? (
        <Page title="Tables">
          {failure === null ? (
            <Spinner label="Reading the tables…" />
          ) : (
            <ErrorNote title="The tables could not be read." remedy={failure.message} details={failure.details} />
          )}
        </Page>
      ) : first === undefined ? (
        <Page title="Tables">
          <EmptyState
            icon={Table2}
            title="No tables yet"
            action={
              <>
                <Button icon={FileUp} onClick={() => pick(null)}>
                  Import CSV
                </Button>
                <Button variant="primary" icon={Plus} onClick={() => setIsNaming(true)}>
                  New table
                </Button>
              </>
            }
          >
            A table holds rows that zaps and you share: orders, readings, addresses. Make one, drop a CSV file here, or
            let a zap add rows to one by its name.
          </EmptyState>
        </Page>
      ) : open === undefined ? (
        <Redirect to={`/tables/${first.id}`} replace />
      ) : (
        <div className="flex min-h-0 min-w-0 flex-1">
          <TableList tables={tables} open={open.id} onNew={() => setIsNaming(true)} />
          {/* The key makes another table another grid: no undo of one leads into the next. */}
          <TableScreen
            key={open.id}
            table={open}
            tables={tables}
            onImport={() => pick(open)}
            onNew={() => setIsNaming(true)}
          />
        </div>
      )}
      <input
        ref={picker}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        aria-label="CSV file"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file !== undefined) setImported({ file, into: into.current })
          event.target.value = ''
        }}
      />
      {isNaming && (
        <NameDialog
          table={null}
          onClose={() => setIsNaming(false)}
          onName={async (name) => {
            const made = await createTable(name)
            if (made !== null) navigate(`/tables/${made.id}`)
            return made !== null
          }}
        />
      )}
      {imported !== null && (
        <ImportDialog
          file={imported.file}
          tables={tables ?? []}
          into={imported.into}
          onClose={() => setImported(null)}
          onDone={(id) => navigate(`/tables/${id}`)}
        />
      )}
    </>
  )
}
