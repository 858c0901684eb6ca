{#- Answer classes of the satisfaction metrics. Each rule is defined here and nowhere else. -#}

{#- Boolean: an answer of 9 or 10 on the scale 0-10 (Reichheld 2003, Harvard Business Review 81(12)). -#}
{% macro is_promoter(nps) -%} {{ nps }} >= 9 {%- endmacro %}


{#- Boolean: an answer of 0 to 6 on the scale 0-10 (Reichheld 2003). -#}
{% macro is_detractor(nps) -%} {{ nps }} <= 6 {%- endmacro %}


{#- Integer: 100 for a promoter, -100 for a detractor, 0 for others, so that the mean is the NPS; NULL without an answer. -#}
{% macro nps_points(nps) -%}
    case when {{ is_promoter(nps) }} then 100 when {{ is_detractor(nps) }} then -100 when {{ nps }} is not null then 0 end
{%- endmacro %}


{#- Boolean: one of the two best CSAT answers on the scale 1-5. -#}
{% macro is_csat_top_box(csat) -%} {{ csat }} >= 4 {%- endmacro %}


{#- Boolean: one of the two worst CSAT answers on the scale 1-5. -#}
{% macro is_csat_bottom_box(csat) -%} {{ csat }} <= 2 {%- endmacro %}


{#- Integer: 1 for a CSAT answer in the top box, 0 for others; NULL without an answer. -#}
{% macro csat_top_box_points(csat) -%}
    case when {{ is_csat_top_box(csat) }} then 1 when {{ csat }} is not null then 0 end
{%- endmacro %}


{#- Share of promoters or of detractors for the interval of the NPS: 3/4 of an answer is added to the count and 3 answers
    to the responses (adjusted Wald; Rocks 2016, The American Statistician 70(4)). -#}
{% macro adjusted_nps_share(class_count, responses) -%}
    ({{ class_count }} + 0.75) / {{ adjusted_nps_responses(responses) }}
{%- endmacro %}


{#- Number of responses of the adjusted Wald interval of the NPS: 3 more than answered. -#}
{% macro adjusted_nps_responses(responses) -%} ({{ responses }} + 3) {%- endmacro %}
