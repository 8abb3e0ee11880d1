// Before the first paint, so that a chosen theme does not flash in the other one. A module would be too late.
try {
  const theme = localStorage.getItem('theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
