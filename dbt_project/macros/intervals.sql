{#- SQL double: centre of the interval of a satisfaction metric.
    nps: adjusted Wald, see `adjusted_nps_share`.
    csat_top2: Wilson (1927). Means: the mean itself. -#}
{% macro interval_centre() -%}
    {%- set z = var('interval_z') -%}
    case metric
        when 'nps' then 100 * (promoter_share - detractor_share)
        when 'csat_top2' then (mean_score + {{ z * z }} / (2 * responses)) / (1 + {{ z * z }} / responses)
        else mean_score
    end
{%- endmacro %}


{#- SQL double: standard error of the same interval, that is half its width divided by `interval_z`. -#}
{% macro interval_standard_error() -%}
    {%- set z = var('interval_z') -%}
    case metric
        when 'nps'
            then 100 * sqrt(
                greatest(
                    promoter_share + detractor_share
                    - (promoter_share - detractor_share) * (promoter_share - detractor_share), 0
                ) / {{ adjusted_nps_responses('responses') }}
            )
        when 'csat_top2'
            then sqrt(mean_score * (1 - mean_score) / responses + {{ z * z }} / (4 * responses * responses))
                / (1 + {{ z * z }} / responses)
        else sqrt(score_variance / responses)
    end
{%- endmacro %}


{#- SQL double: lower end of the Wilson interval (1927) of a share; NULL without trials. -#}
{% macro wilson_low(successes, trials) -%}
    {{ wilson_end(successes, trials, '-') }}
{%- endmacro %}


{#- SQL double: upper end of the Wilson interval. -#}
{% macro wilson_high(successes, trials) -%}
    {{ wilson_end(successes, trials, '+') }}
{%- endmacro %}


{#- SQL double: one end of the Wilson interval; `sign` is '-' or '+'. -#}
{% macro wilson_end(successes, trials, sign) -%}
    {%- set z = var('interval_z') -%}
    {%- set share = ratio(successes, trials) -%}
    {%- set number = 'nullif(cast(' ~ trials ~ ' as double), 0)' -%}
    case when {{ trials }} > 0 then {{ steady(
        'least(greatest((' ~ share ~ ' + ' ~ z * z / 2 ~ ' / ' ~ number ~ ' ' ~ sign ~ ' ' ~ z ~ ' * sqrt((' ~ share
        ~ ' * (1 - ' ~ share ~ ') + ' ~ z * z / 4 ~ ' / ' ~ number ~ ') / ' ~ number ~ ')) / (1 + ' ~ z * z ~ ' / '
        ~ number ~ '), 0), 1)'
    ) }} end
{%- endmacro %}


{#- SQL double: quantile of Student's t at the probability of the normal quantile `interval_z`, by the expansion in 1 / degrees of
    freedom (Abramowitz and Stegun 1964, 26.7.5); NULL below 2 degrees of freedom, where its error exceeds 1 %. -#}
{% macro t_quantile(degrees_of_freedom) -%}
    {%- set z = var('interval_z') -%}
    {%- set terms = [
        (z ** 3 + z) / 4,
        (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
        (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
        (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
    ] -%}
    case
        when {{ degrees_of_freedom }} >= 2
            then {{ z }} {%- for term in terms %} + {{ term }} / power({{ degrees_of_freedom }}, {{ loop.index }}){% endfor %}
    end
{%- endmacro %}


{#- SQL number: rank of the observation at the lower end of the interval of a median (order statistics; Conover 1999, 3.2); NULL
    below 6 observations, where even the extremes cover the median with less than 95 %. -#}
{% macro median_rank_low(observations) -%}
    case when {{ observations }} >= 6 then greatest(floor({{ observations }} / 2.0 - {{ var('interval_z') }} * sqrt({{ observations }}) / 2), 1) end
{%- endmacro %}


{#- SQL number: rank of the observation at the upper end of the interval of a median. -#}
{% macro median_rank_high(observations) -%}
    case when {{ observations }} >= 6 then {{ observations }} + 1 - {{ median_rank_low(observations) }} end
{%- endmacro %}


{#- SQL expression: the value clipped to its scale; NULL stays NULL (`least` and `greatest` would ignore it). -#}
{% macro within(value, lowest, highest) -%}
    case when {{ value }} > {{ highest }} then {{ highest }} when {{ value }} < {{ lowest }} then {{ lowest }} else {{ value }} end
{%- endmacro %}
