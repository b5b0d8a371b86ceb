/**
 * Work of connectors that takes long or much memory: it is done by a thread of its own, so that nothing else waits for it. Content goes in, and
 * comes out, piece by piece; options are what can be cloned. A `StepError` that is thrown arrives as one.
 */
export type HeavyTask = (content: AsyncIterable<Uint8Array>, options: unknown) => AsyncIterable<string | Uint8Array>

/** The pieces of heavy work that there are. */
export type HeavyTaskName =
  | 'app.read'
  | 'csv.parse'
  | 'csv.build'
  | 'csv.columns'
  | 'data.recode'
  | 'html.extract'
  | 'mail.parse'
  | 'pdf.text'
  | 'sql.sqlite'
  | 'table.rows'
  | 'text.convert'
  | 'xlsx.read'
  | 'xlsx.write'
  | 'xml.build'
  | 'xml.parse'

/**
 * Does heavy work. Rejects with what the task throws, with a `StepError` `too-large` when it needs too much memory or time, and with the reason
 * of the step's signal.
 */
export type HeavyWork = (
  name: HeavyTaskName,
  content: AsyncIterable<Uint8Array>,
  options: unknown,
) => AsyncIterable<string | Uint8Array>
