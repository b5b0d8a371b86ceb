/** Tells electron-builder, before it packs, that it need not look into `node_modules`: `files` names what is taken from there. */
export default () => false
