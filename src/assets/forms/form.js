// What a browser with a script gets besides: one click sends once, files show how far they are, a failure can be tried again with the
// same one-time id.
;(() => {
  var form = document.forms[0],
    button = form.querySelector('button'),
    bar = form.querySelector('progress')
  var status = form.querySelector('.status'),
    busy = false
  function ready() {
    busy = false
    button.disabled = false
    status.textContent = ''
    bar.hidden = true
  }
  function size() {
    if (parent !== window)
      parent.postMessage({ docketed: document.documentElement.scrollHeight, title: document.title }, '*')
  }
  addEventListener('pageshow', ready)
  addEventListener('resize', size)
  addEventListener('load', size)
  form.addEventListener('submit', event => {
    if (busy) return event.preventDefault()
    busy = true
    button.disabled = true
    status.textContent = form.dataset.sending
    if (!form.querySelector('input[type=file]')) return
    event.preventDefault()
    var request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = moved => {
      if (moved.lengthComputable) {
        bar.hidden = false
        bar.value = moved.loaded / moved.total
      }
    }
    function failed(words) {
      ready()
      status.textContent = words || form.dataset.failed
      button.focus()
    }
    request.onerror = () => {
      failed()
    }
    request.onload = () => {
      if (request.status < 300) return location.assign(form.dataset.thanks)
      var words = ''
      try {
        words = JSON.parse(request.responseText).detail
      } catch {}
      failed(words)
    }
    request.send(new FormData(form))
  })
})()
