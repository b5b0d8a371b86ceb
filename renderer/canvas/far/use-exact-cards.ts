import { type InternalNode, useStoreApi } from '@xyflow/react'
import { useState } from 'react'

/**
 * Keeps React Flow from measuring cards that say themselves how large they are and where their ports sit. It would measure each
 * that comes into view, and with every such measurement go through all nodes and draw those in view once more: a good part of what
 * zooming a large zap costs (ADR 15). Must stand above the `ReactFlow` whose cards are meant.
 */
export function useExactCards(): void {
  const store = useStoreApi()
  // While drawing and not after it: what is below asks for the function when it is first drawn, and keeps it.
  useState(() => {
    const { nodeLookup, updateNodeInternals } = store.getState()
    store.setState({
      updateNodeInternals: (updates, options) => {
        const needed = new Map([...updates].filter(([id]) => !isExact(nodeLookup.get(id))))
        if (needed.size > 0) updateNodeInternals(needed, options)
      },
    })
    return store
  })
}

function isExact(node: InternalNode | undefined): boolean {
  return node?.handles !== undefined && node.width !== undefined && node.height !== undefined
}
