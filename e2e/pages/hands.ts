/** Where a step goes: behind an output of another; its first, or the one named. Mice drop it at `at`, pixels from the canvas's middle. */
export type Place = {
  readonly after?: string
  readonly port?: string
  readonly at: readonly [x: number, y: number]
}

/** What a person does to build a zap and to look at its runs, whatever they do it with. */
export type Hands = {
  /** Makes a blank zap, opens it and gives it a name. */
  startZap(name: string): Promise<void>
  /** Adds a step, whose id is known beforehand, and connects it. It is selected afterwards. */
  add(title: string, id: string, place: Place): Promise<void>
  select(stepId: string): Promise<void>
  /** Shows a view of the selected step: Setup, Test, Runs. */
  view(name: string): Promise<void>
  /** Presses a button of the selected step's form. */
  press(button: string): Promise<void>
  /** Writes into a text field of that form. */
  write(field: string, text: string): Promise<void>
  /** Maps a value of an earlier step into a field of that form. */
  map(field: string, path: string): Promise<void>
  choose(field: string, option: string): Promise<void>
  /** Takes one of the fields of which only one can hold. */
  take(choice: string, field: string): Promise<void>
  publish(): Promise<void>
  /** Opens the newest run of a zap. */
  openRun(zap: string): Promise<void>
  /** Selects a step of the run that is open. */
  selectInRun(stepId: string): Promise<void>
  /** Shows what that step got (Input), gave (Output), or how it went (Attempts). */
  viewInRun(name: string): Promise<void>
  openZap(name: string): Promise<void>
  undoAll(): Promise<void>
  redoAll(): Promise<void>
}
