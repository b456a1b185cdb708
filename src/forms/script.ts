/**
 * What a browser with JavaScript gets besides: one click sends once, files show how far they are, a failure can be tried again
 * with the same one-time id. Plain JavaScript, run as it stands.
 */
export const script = `
(function () {
  var form = document.forms[0], button = form.querySelector('button'), bar = form.querySelector('progress')
  var status = form.querySelector('.status'), busy = false
  function ready() { busy = false; button.disabled = false; status.textContent = ''; bar.hidden = true }
  function size() { if (parent !== window) parent.postMessage({ docketed: document.documentElement.scrollHeight }, '*') }
  addEventListener('pageshow', ready)
  addEventListener('resize', size)
  addEventListener('load', size)
  form.addEventListener('submit', function (event) {
    if (busy) return event.preventDefault()
    busy = true
    button.disabled = true
    status.textContent = form.dataset.sending
    if (!form.querySelector('input[type=file]')) return
    event.preventDefault()
    var request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = function (moved) {
      if (moved.lengthComputable) { bar.hidden = false; bar.value = moved.loaded / moved.total }
    }
    function failed(words) { ready(); status.textContent = words || form.dataset.failed; button.focus() }
    request.onerror = function () { failed() }
    request.onload = function () {
      if (request.status < 300) return location.assign(form.dataset.thanks)
      var words = ''
      try { words = JSON.parse(request.responseText).detail } catch (error) {}
      failed(words)
    }
    request.send(new FormData(form))
  })
})()
`

/** Puts a form on any page: \`<div data-docketed="firm/endpoint"></div><script src="…/forms/embed.js" async></script>\`. */
export const embed = `
(function () {
  var base = new URL('.', document.currentScript.src)
  document.querySelectorAll('[data-docketed]').forEach(function (place) {
    if (place.firstChild) return
    var frame = document.createElement('iframe')
    frame.src = new URL(place.dataset.docketed, base)
    frame.title = place.dataset.title || 'Contact form'
    frame.style.cssText = 'width:100%;border:0;min-height:30rem'
    place.appendChild(frame)
    addEventListener('message', function (event) {
      var height = event.source === frame.contentWindow && event.origin === base.origin && Number(event.data && event.data.docketed)
      if (height) frame.style.height = height + 'px'
    })
  })
})()
`
