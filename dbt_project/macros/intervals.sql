{#- Centre of the interval of a satisfaction metric.
    nps: adjusted Wald, 3/4 of a promoter and of a detractor and 3/2 of a passive added (Rocks 2016, The American Statistician 70(4)).
    csat_top2: Wilson (1927). Means: the mean itself. -#}
{% macro interval_centre() -%}
    {%- set z = var('interval_z') -%}
    case metric
        when 'nps' then 100 * (promoter_share - detractor_share)
        when 'csat_top2' then (mean_score + {{ z * z }} / (2 * responses)) / (1 + {{ z * z }} / responses)
        else mean_score
    end
{%- endmacro %}


{#- Half the width of the same interval, in standard errors of one. -#}
{% macro interval_standard_error() -%}
    {%- set z = var('interval_z') -%}
    case metric
        when 'nps'
            then 100 * sqrt(
                greatest(
                    promoter_share + detractor_share
                    - (promoter_share - detractor_share) * (promoter_share - detractor_share), 0
                ) / (responses + 3)
            )
        when 'csat_top2'
            then sqrt(mean_score * (1 - mean_score) / responses + {{ z * z }} / (4 * responses * responses))
                / (1 + {{ z * z }} / responses)
        else sqrt(score_variance / responses)
    end
{%- endmacro %}
