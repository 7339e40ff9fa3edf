// One's own camera and microphone, shown to oneself: nothing is sent anywhere.
for (const box of document.querySelectorAll("[data-camera]")) {
  const [video, meter, status, button] = ["video", "meter", "[role=status]", "button"].map((what) => box.querySelector(what));
  button.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      video.srcObject = stream;
      await video.play();
      status.textContent = box.dataset.works;
      button.hidden = true;
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(stream).connect(analyser);
      const levels = new Uint8Array(analyser.frequencyBinCount);
      setInterval(() => {
        analyser.getByteTimeDomainData(levels);
        meter.value = Math.max(...levels.map((one) => Math.abs(one - 128))) / 128;
      }, 100);
    } catch {
      status.textContent = box.dataset.refused;
    }
  });
}
