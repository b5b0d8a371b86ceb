import {
  CircleDot,
  CircleOff,
  CircleSlash2,
  CopyPlus,
  FastForward,
  Frame,
  Link2,
  ListTree,
  Maximize,
  Maximize2,
  Network,
  PanelRight,
  PencilLine,
  Play,
  Plus,
  Redo2,
  Search,
  SquareDashedMousePointer,
  StepForward,
  StickyNote,
  Trash2,
  Undo2,
} from 'lucide-react'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { type Command, commandTable } from '../../commands/command.ts'
import { openPalette } from '../../commands/palette-store.ts'
import { breakpointsOf, toggleBreakpoints } from '../../stores/breakpoints.ts'
import { edgeKey } from '../graph/connection-rules.ts'
import { tidyZap } from '../layout/tidy-layout.ts'
import { walkTo } from '../layout/walk-steps.ts'
import { addGroup, addNote, deleteAnnotations } from '../operations/annotations.ts'
import { areDisabled, deleteSteps, disconnect, toggleDisabled } from '../operations/draft-operations.ts'
import { duplicateSteps } from '../operations/insert-steps.ts'
import { arrow, extend, move, resize, walk } from './arrows.ts'
import { hereIn, type OpenZap } from './open-zap.ts'

const CHANGE = 'Add and change'
const LOOK = 'Look around'

/** What can be done with the open zap. */
export const ZAP_COMMANDS = commandTable({
  add: {
    title: 'Add a step at the pointer',
    group: CHANGE,
    keys: ['Tab', '/'],
    icon: Plus,
    palette: true,
    run({ canvas, draft, focused }, event) {
      // Tab moves the focus as everywhere, unless a step is selected or the pointer is on a canvas without focus.
      if (event?.key === 'Tab' && (focused !== null ? !draft.selected.includes(focused) : !canvas.hasPointer))
        return false
      return canvas.openSearch()
    },
  },
  open: {
    title: 'Open the step’s form',
    group: CHANGE,
    keys: ['Enter'],
    icon: PanelRight,
    isEnabled: ({ annotation, focused, single }) => (annotation ?? focused ?? single) !== null,
    run({ draft, canvas, annotation, focused, single }) {
      const step = focused ?? single
      if (annotation !== null) draft.write(annotation)
      else if (step !== null) canvas.openStep(step, false)
    },
  },
  'open-wide': {
    title: 'Open the step’s form wide',
    group: CHANGE,
    keys: ['W'],
    icon: Maximize2,
    palette: { words: 'inspector input output' },
    isEnabled: ({ focused, single }) => (focused ?? single) !== null,
    run({ canvas, focused, single }) {
      const step = focused ?? single
      if (step !== null) canvas.openStep(step, true)
    },
  },
  rename: {
    title: 'Rename the step',
    group: CHANGE,
    keys: ['F2'],
    icon: PencilLine,
    isEnabled: ({ annotation, single }) => (annotation ?? single) !== null,
    run({ draft, annotation, single }) {
      if (annotation !== null) draft.write(annotation)
      else if (single !== null) draft.focusOn(single, 'name')
    },
  },
  duplicate: {
    title: 'Duplicate',
    group: CHANGE,
    keys: ['Mod+D'],
    icon: CopyPlus,
    palette: true,
    isEnabled: hasSelection,
    run({ draft, canvas }) {
      const [copy] = draft.insert((zap) => duplicateSteps(zap, draft.selected, draft.marked))
      if (copy !== undefined) canvas.reveal(copy)
    },
  },
  'toggle-disabled': {
    title: 'Disable or enable',
    group: CHANGE,
    keys: ['D'],
    face: (zap) =>
      areDisabled(selectedSteps(zap)) ? { title: 'Enable', icon: Play } : { title: 'Disable', icon: CircleSlash2 },
    palette: true,
    isEnabled: ({ draft }) => draft.selected.length > 0,
    run: ({ draft }) => draft.change((zap) => toggleDisabled(zap, draft.selected)),
  },
  delete: {
    title: 'Delete',
    group: CHANGE,
    keys: ['Delete', 'Backspace'],
    icon: Trash2,
    palette: true,
    isEnabled: (zap) => hasSelection(zap) || zap.canvas.selectedEdges.size > 0,
    run: deleteSelected,
  },
  connect: {
    title: 'Connect the step',
    group: CHANGE,
    keys: ['C'],
    icon: Link2,
    palette: true,
    isEnabled: ({ focused, single }) => (focused ?? single) !== null,
    run({ draft, canvas, focused, single }) {
      const from = focused ?? single
      if (from === null || !canvas.startConnecting(from)) return false
      return draft.select([from])
    },
  },
  'add-note': {
    title: 'Add a note',
    group: CHANGE,
    keys: ['N'],
    icon: StickyNote,
    palette: true,
    run: ({ draft, canvas }) => draft.annotate((zap) => addNote(zap, canvas.placeForNew())),
  },
  frame: {
    title: 'Put a frame around the selected steps',
    group: CHANGE,
    keys: ['G'],
    icon: Frame,
    palette: true,
    isEnabled: ({ draft }) => draft.selected.length > 0,
    run: ({ draft }) => draft.annotate((zap) => addGroup(zap, draft.selected, '')),
  },
  menu: {
    title: 'Menu of what has the focus',
    group: CHANGE,
    keys: ['ContextMenu', 'Shift+F10'],
    run: ({ canvas }) => (canvas.openMenu() ? undefined : false),
  },
  tidy: {
    title: 'Tidy up',
    group: CHANGE,
    keys: ['T'],
    icon: Network,
    palette: true,
    run({ draft, canvas }) {
      draft.change(tidyZap)
      requestAnimationFrame(canvas.fit)
    },
  },
  undo: {
    title: 'Undo',
    group: CHANGE,
    keys: ['Mod+Z'],
    icon: Undo2,
    palette: true,
    isEnabled: ({ draft }) => draft.history.past.length > 0,
    run: ({ draft }) => draft.undo(),
  },
  redo: {
    title: 'Redo',
    group: CHANGE,
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    icon: Redo2,
    palette: true,
    isEnabled: ({ draft }) => draft.history.future.length > 0,
    run: ({ draft }) => draft.redo(),
  },
  save: { title: 'Save now', group: CHANGE, keys: ['Mod+S'], run: ({ canvas }) => canvas.save() },
  'toggle-breakpoint': {
    title: 'Set or remove a breakpoint',
    group: 'Test',
    keys: ['B'],
    face: ({ draft }) =>
      breakpointsOf(draft.host.id).some((id) => draft.selected.includes(id))
        ? { title: 'Remove the breakpoint', icon: CircleOff }
        : { title: 'Set a breakpoint', icon: CircleDot },
    palette: { words: 'debug test pause' },
    isEnabled: (zap) => stoppable(zap).length > 0,
    run: (zap) => toggleBreakpoints(zap.draft.host.id, stoppable(zap)),
  },
  'step-through': {
    title: 'Run step by step',
    group: 'Test',
    keys: ['F9'],
    icon: StepForward,
    palette: { words: 'debug test pause' },
    isEnabled: ({ runs, draft }) => !runs.isRunning && draft.history.present.steps.length > 0,
    run: ({ runs }) => void runs.start('every-step'),
  },
  'next-step': {
    title: 'Paused test: do the next step',
    group: 'Test',
    keys: ['F10'],
    icon: StepForward,
    palette: true,
    isEnabled: ({ runs }) => runs.paused !== null,
    run: ({ runs }) => void runs.goOn('every-step'),
  },
  'continue-test': {
    title: 'Paused test: go on to the next breakpoint',
    group: 'Test',
    keys: ['F8'],
    icon: FastForward,
    palette: true,
    isEnabled: ({ runs }) => runs.paused !== null,
    run: ({ runs }) => void runs.goOn('breakpoints'),
  },
  find: { title: 'Find in this zap', group: LOOK, keys: ['Mod+F'], icon: Search, run: () => openPalette('steps') },
  outline: {
    title: 'Show the zap as an outline',
    group: LOOK,
    keys: ['O'],
    icon: ListTree,
    palette: true,
    run: ({ canvas }) => canvas.showOutline(),
  },
  'select-all': {
    title: 'Select all steps',
    group: 'Select',
    keys: ['Mod+A'],
    icon: SquareDashedMousePointer,
    palette: true,
    run: ({ draft }) => draft.select(draft.history.present.steps.map((step) => step.id)),
  },
  deselect: { title: 'Select nothing', group: 'Select', keys: ['Escape'], run: ({ draft }) => draft.select([]) },
  'walk-up': arrow(['To what is before or above', LOOK, 'ArrowUp'], walk, 'up'),
  'walk-down': arrow(['To what is after or below', LOOK, 'ArrowDown'], walk, 'down'),
  'walk-left': arrow(['To what is on the left', LOOK, 'ArrowLeft'], walk, 'left'),
  'walk-right': arrow(['To what is on the right', LOOK, 'ArrowRight'], walk, 'right'),
  'extend-up': arrow(['Select what is before or above, too', 'Select', 'Shift+ArrowUp'], extend, 'up'),
  'extend-down': arrow(['Select what is after or below, too', 'Select', 'Shift+ArrowDown'], extend, 'down'),
  'extend-left': arrow(['Select what is on the left, too', 'Select', 'Shift+ArrowLeft'], extend, 'left'),
  'extend-right': arrow(['Select what is on the right, too', 'Select', 'Shift+ArrowRight'], extend, 'right'),
  fit: {
    title: 'Fit everything',
    group: LOOK,
    keys: ['1'],
    icon: Maximize,
    palette: true,
    run: ({ canvas }) => canvas.fit(),
  },
  'zoom-in': { title: 'Zoom in', group: LOOK, keys: ['+', '='], run: ({ canvas }) => canvas.zoom('in') },
  'zoom-out': { title: 'Zoom out', group: LOOK, keys: ['-'], run: ({ canvas }) => canvas.zoom('out') },
  'zoom-reset': { title: 'Zoom to 100 %', group: LOOK, keys: ['0'], run: ({ canvas }) => canvas.zoom('full') },
  'move-up': arrow(['Move up', 'Move and resize', 'Mod+ArrowUp'], move, 'up', hasSelection),
  'move-down': arrow(['Move down', 'Move and resize', 'Mod+ArrowDown'], move, 'down', hasSelection),
  'move-left': arrow(['Move to the left', 'Move and resize', 'Mod+ArrowLeft'], move, 'left', hasSelection),
  'move-right': arrow(['Move to the right', 'Move and resize', 'Mod+ArrowRight'], move, 'right', hasSelection),
  'resize-up': arrow(['Make a note or frame lower', 'Move and resize', 'Mod+Shift+ArrowUp'], resize, 'up', isMarked),
  'resize-down': arrow(
    ['Make a note or frame taller', 'Move and resize', 'Mod+Shift+ArrowDown'],
    resize,
    'down',
    isMarked,
  ),
  'resize-left': arrow(
    ['Make a note or frame narrower', 'Move and resize', 'Mod+Shift+ArrowLeft'],
    resize,
    'left',
    isMarked,
  ),
  'resize-right': arrow(
    ['Make a note or frame wider', 'Move and resize', 'Mod+Shift+ArrowRight'],
    resize,
    'right',
    isMarked,
  ),
} satisfies Record<string, Omit<Command<OpenZap>, 'id'>>)

export type ZapCommandId = keyof typeof ZAP_COMMANDS

/** The same as a list, in the order in which they are listed. */
export const ZAP_COMMAND_LIST: readonly Command<OpenZap>[] = Object.values(ZAP_COMMANDS)

function hasSelection({ draft }: OpenZap): boolean {
  return draft.selected.length + draft.marked.length > 0
}

function isMarked({ draft }: OpenZap): boolean {
  return draft.marked.length > 0
}

function selectedSteps({ draft }: OpenZap): ZapFile['steps'] {
  return draft.history.present.steps.filter(({ id }) => draft.selected.includes(id))
}

/** The selected steps before which a test can stop. With a trigger it begins: there is nothing to stop before. */
function stoppable(zap: OpenZap): string[] {
  return zap.draft.selected.filter((id) => !zap.isTrigger(id))
}

function deleteSelected(zap: OpenZap): void {
  const { draft, canvas } = zap
  const { selected, marked } = draft
  const gone = new Set<string>(selected)
  const { present } = draft.history
  const before =
    present.edges.find((edge) => gone.has(edge.to) && !gone.has(edge.from))?.from ??
    nearestTo(present, hereIn(zap), new Set<string>([...selected, ...marked]))
  draft.change((file) => {
    const edges = file.edges.filter((edge) => canvas.selectedEdges.has(edgeKey(edge)))
    return deleteAnnotations(deleteSteps(disconnect(file, edges), selected), marked)
  })
  // Or else a person who works by keyboard would begin again at the top of the page.
  if (before !== undefined) {
    draft.selectOne(before)
    canvas.reveal(before)
  }
}

/** What is beside something on the canvas, and stays when that goes. */
function nearestTo(zap: ZapFile, id: string | null, gone: ReadonlySet<string>): string | undefined {
  if (id === null) return undefined
  const ways = (['up', 'left', 'down', 'right'] as const).map((way) => walkTo(zap, id, way))
  return ways.find((one) => one !== null && !gone.has(one)) ?? undefined
}
