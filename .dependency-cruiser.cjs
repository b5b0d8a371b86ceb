module.exports = {
  forbidden: [{ name: 'x', severity: 'error', from: { path: '^core/domain' }, to: { path: '^core/db' } }],
  options: { tsPreCompilationDeps: true, parser: 'swc', doNotFollow: { path: 'node_modules' } },
}
