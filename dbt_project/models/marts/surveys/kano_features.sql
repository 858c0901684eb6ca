{#- Category by frequency, ties by the order of kano_categories (Berger et al. 1993). Better = (attractive + one-dimensional),
    worse = (one-dimensional + must-be), each over the answers that are neither reverse nor questionable. -#}
{%- set z = var('interval_z') -%}
with pairs as (
    select * from {{ ref('int_surveys__kano_pairs') }}
),

categories as (
    select * from {{ ref('kano_categories') }}
),

names as (
    select * from {{ ref('kano_feature_names') }}
),

settings as (
    select
        cast({{ threshold('surveys', 'kano_window_days') }} as bigint) as window_days,
        {{ threshold('surveys', 'minimum_sample') }} as minimum_sample
),

named as (
    select
        feature,
        segment,
        category,
        count(*) as respondent_count
    from pairs
    group by feature, segment, category
),

ranked as (
    select
        named.*,
        categories.category_en,
        categories.category_zh,
        row_number() over (
            partition by named.feature, named.segment order by named.respondent_count desc, categories.tie_rank asc
        ) as category_rank
    from named
    inner join categories on named.category = categories.category
),

counted as (
    select
        feature,
        segment,
        sum(respondent_count) as respondent_count,
        {%- for category in ['must_be', 'one_dimensional', 'attractive', 'indifferent', 'reverse', 'questionable'] %}
        sum(case when category = '{{ category }}' then respondent_count else 0 end) as {{ category }}_count,
        {%- endfor %}
        max(case when category_rank = 1 then category end) as category,
        max(case when category_rank = 1 then category_en end) as category_en,
        max(case when category_rank = 1 then category_zh end) as category_zh,
        max(case when category_rank = 1 then respondent_count end) as first_count,
        max(case when category_rank = 2 then category end) as second_category,
        coalesce(max(case when category_rank = 2 then respondent_count end), 0) as second_count
    from ranked
    group by feature, segment
),

summed as (
    select
        *,
        attractive_count + one_dimensional_count as better_count,
        one_dimensional_count + must_be_count as worse_count,
        attractive_count + one_dimensional_count + must_be_count + indifferent_count as deciding_count
    from counted
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        summed.feature,
        coalesce(names.feature_en, replace(summed.feature, '_', ' ')) as feature_en,
        coalesce(names.feature_zh, replace(summed.feature, '_', ' ')) as feature_zh,
        summed.segment,
        settings.window_days,
        cast(summed.respondent_count as bigint) as respondent_count,
        summed.respondent_count >= settings.minimum_sample as is_reportable,
        summed.category,
        summed.category_en,
        summed.category_zh,
        {{ steady(ratio('summed.first_count', 'summed.respondent_count')) }} as category_share,
        {{ wilson_low('summed.first_count', 'summed.respondent_count') }} as category_share_low,
        {{ wilson_high('summed.first_count', 'summed.respondent_count') }} as category_share_high,
        summed.second_category,
        {{ steady(ratio('summed.first_count - summed.second_count', 'summed.respondent_count')) }} as category_lead_share,
        summed.first_count - summed.second_count > {{ z }} * sqrt(
            summed.first_count + summed.second_count
            - {{ ratio('power(summed.first_count - summed.second_count, 2)', 'summed.respondent_count') }}
        ) as is_category_certain,
        {%- for category in ['must_be', 'one_dimensional', 'attractive', 'indifferent', 'reverse', 'questionable'] %}
        cast(summed.{{ category }}_count as bigint) as {{ category }}_count,
        {%- endfor %}
        {{ steady(ratio('summed.better_count', 'summed.deciding_count')) }} as better,
        {{ wilson_low('summed.better_count', 'summed.deciding_count') }} as better_low,
        {{ wilson_high('summed.better_count', 'summed.deciding_count') }} as better_high,
        {{ steady('0 - ' ~ ratio('summed.worse_count', 'summed.deciding_count')) }} as worse,
        0 - {{ wilson_high('summed.worse_count', 'summed.deciding_count') }} as worse_low,
        0 - {{ wilson_low('summed.worse_count', 'summed.deciding_count') }} as worse_high
    from summed
    cross join settings
    left join names on summed.feature = names.feature
)

select * from final
