// Watches the page load. When the program does not arrive or cannot start, the page says so instead of loading forever.
// Once the program runs, `#loading` is gone and this has nothing left to do.
(() => {
  const tell = () => {
    const loading = document.getElementById('loading');
    if (!loading) return;
    // The first frame stays and can be read.
    loading.remove();
    document.getElementById('not-loaded').hidden = false;
  };
  // What fails early fails before the page has been read.
  const fail = () => {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', tell);
    else tell();
  };
  addEventListener('unhandledrejection', fail);
  // A file that does not arrive is told to its element alone, which is seen here on the way down.
  addEventListener('error', fail, true);
  if (typeof WebAssembly !== 'object') fail();
})();
