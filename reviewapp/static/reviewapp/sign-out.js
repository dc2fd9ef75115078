/* Signing out: what still waits on this device for this account is told, and goes when one leaves. */
(function () {
  function keptOf(account) {
    try {
      return Object.keys(localStorage).filter(function (name) {
        return name.split(":")[1] === account && /^(waiting|refused):/.test(name);
      });
    } catch (error) { return []; /* private mode: nothing is kept */ }
  }

  addEventListener("submit", function (event) {
    var account = event.target.dataset.signsOut;
    if (!account) return;
    var names = keptOf(account);
    var open = names.filter(function (name) { return name.indexOf("waiting:") === 0; });
    var asks = open.length + (open.length === 1 ? " verdict has" : " verdicts have") +
      " not reached the server. Sign out and lose " + (open.length === 1 ? "it?" : "them?");
    if (open.length && !confirm(asks)) { event.preventDefault(); return; }
    names.forEach(function (name) { localStorage.removeItem(name); });
  });
})();
